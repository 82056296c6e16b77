"""What axe finds amiss in an open page and is serious or critical."""

from publish.sources import ROOT

AXE = ROOT / "publish" / "node_modules" / "axe-core" / "axe.min.js"
# Equations have been looked at before. Of the colours of code one span each is enough:
# axe takes a minute for all of them.
SERIOUS = """async ([place, rules]) => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    for (const equation of document.querySelectorAll("mjx-container"))
        equation.remove();
    const seen = new Set();
    for (const span of document.querySelectorAll(".highlight span"))
        if (seen.has(span.className)) span.replaceWith(...span.childNodes);
        else seen.add(span.className);
    await new Promise(later => setTimeout(later, 500));
    const options = {resultTypes: ["violations"]};
    if (rules) options.runOnly = rules;
    const found = await axe.run(document.querySelector(place), options);
    return found.violations
        .filter(one => ["serious", "critical"].includes(one.impact))
        .map(one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]);
}"""


def serious(page, place=":root", rules=None):
    """The violations in the first element that the CSS selector `place` matches.

    rules: the ids of the rules to apply, None for all. Returns a list of [rule, how
    often, the beginning of the first place's HTML]. Changes the page: answers are
    unfolded, equations are gone.
    """
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    return page.evaluate(SERIOUS, [place, rules])
