"""Settings of Sphinx for the site; `publish/site.py` calls it and adds to them."""

from rnncourse.figures.style import INPUT

project = html_title = "A recurrent network, from scratch"
copyright = "text and figures: CC BY 4.0; code: MIT"
language = "en"
smartquotes = False  # a quote in the text may be code
extensions = ["myst_nb"]
include_patterns = ["index.md", "README.md", "*/README.md", "notebooks/*.ipynb"]
include_patterns += ["TEACHING.md", "CONTRIBUTING.md", "LINKS.md", "CHANGELOG.md"]

nb_execution_mode = "off"  # the saved outputs are the ones that the tests compare
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 6
suppress_warnings = ["myst.header"]  # a cell may begin two levels below the one above

mathjax_path = "mathjax/es5/tex-chtml.js"
# Its menu would load more of MathJax, and puts every formula in the way of the Tab key.
mathjax3_config = {"options": {"enableMenu": False}}

templates_path = ["templates"]
html_theme = "furo"
html_favicon = "static/icon.svg"
html_static_path = ["static", "../../build/site-static"]
html_use_index = False
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {
        "color-brand-primary": INPUT,
        "color-brand-content": INPUT,
        "color-brand-visited": INPUT,
    },
    "dark_css_variables": {
        "color-brand-primary": "#6CB8F0",
        "color-brand-content": "#6CB8F0",
        "color-brand-visited": "#6CB8F0",
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
