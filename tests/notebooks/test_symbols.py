"""One letter, one meaning: the letters of all formulas stand in a table.

The table of 00 holds those that all notebooks share. A notebook with letters of its
own has a table of them, in the cell with the id "letters". In both the first column
holds formulas, and every letter in it is declared there.
"""

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", flags=re.S)
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi "
    "rho sigma tau phi chi psi omega ell Delta Phi Sigma Omega"
).split()
OPERATORS = {"odot": "⊙", "lVert": "‖"}
# Words inside a formula, and what a weight or a bias is called.
WORDS = r"\\(text|texttt|mathrm|operatorname|tag|begin|end)\{[^{}]*\}"
WEIGHT = re.compile(r"W_\{?(xh|hh|hy)\}?|b_\{?([hy])\}?(?![a-z])")


def formulas(text):
    return [block or inline for block, inline in FORMULA.findall(text)]


def letters(formula):
    """The letters of a formula: "x", "τ" as "tau", "W" of every weight, "∂+".

    The d of dW and of dh is a sign of its own, "d□".
    """
    formula = re.sub(WORDS, " ", formula)
    found = {sign for name, sign in OPERATORS.items() if rf"\{name}" in formula}
    if re.search(r"\\partial\s*\^\{?\+", formula):
        found.add("∂+")
    found |= set(re.findall(r"\\([a-zA-Z]+)", formula)) & set(GREEK)
    formula = WEIGHT.sub(lambda m: f"{m[0][0]} ", formula).replace(r"\square", "□")
    formula = re.sub(r"\\(" + "|".join(GREEK) + r")(?![a-zA-Z])", "□", formula)
    formula = re.sub(r"\\[a-zA-Z]+", " ", formula)
    if re.search("d(?=[A-Za-z□])", formula):
        found.add("d□")
    formula = re.sub("d(?=[A-Za-z□])", " ", formula)
    return found | set(re.findall(r"[A-Za-z]", formula))


def markdown(name):
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return {c.id: c.source for c in cells if c.cell_type == "markdown"}


def declared(table):
    """The letters in the first column of the rows of a Markdown table."""
    rows = re.findall(r"(?m)^\|([^|\n]*(?:\\\|[^|\n]*)*)\|", table)
    return {letter for row in rows for f in formulas(row) for letter in letters(f)}


SHARED = declared(markdown(NAMES[0])["symbols"])


def own(name):
    return declared(markdown(name).get("letters", ""))


def used(name):
    text = "\n".join(s for key, s in markdown(name).items() if key != "letters")
    return {letter for formula in formulas(text) for letter in letters(formula)}


@pytest.fixture(params=NAMES[1:], ids=lambda name: name[:2])
def name(request):
    return request.param


def test_every_letter_of_a_formula_is_in_a_table(name):
    assert used(name) - SHARED - own(name) == set()


def test_no_letter_has_two_meanings(name):
    assert own(name) & SHARED == set()


def test_every_letter_of_a_notebook_of_its_own_is_used(name):
    assert own(name) - used(name) == set()


def test_every_shared_letter_is_used():
    assert SHARED - {letter for name in NAMES[1:] for letter in used(name)} == set()


def test_the_table_has_the_letters_of_the_course():
    assert {"V", "H", "T", "B", "x", "k", "c", "e", "W", "b", "theta", "a"} <= SHARED
    assert {"h", "y", "p", "ell", "L", "d□", "tau", "eta", "beta"} <= SHARED
    assert {"varepsilon", "delta", "J", "⊙", "∂+", "‖", "i", "j", "t"} <= SHARED


def test_formulas_have_one_style_of_indexing(name):
    """An entry by subscripts, in every formula; brackets are for code."""
    for source in markdown(name).values():
        for formula in formulas(re.sub(r"`[^`]*`", "", source)):
            bare = re.sub(WORDS, "", formula)
            assert not re.search(r"[A-Za-z})]\s*\[", bare), formula


def test_no_underscore_stands_in_the_text_of_a_formula(name):
    """MathJax without its textmacros shows the backslash before it."""
    text = "\n".join(markdown(name).values())
    assert not re.findall(r"\\text\w*\{[^}]*_[^}]*\}", text)


def test_e_is_the_target_and_exp_the_exponential(name):
    for source in markdown(name).values():
        assert not any(re.search(r"(?<![A-Za-z])e\s*\^", f) for f in formulas(source))


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        (
            r"a_t = W_{xh}\, x_t + W_{hh}\, h_{t-1} + b_h",
            {"a", "t", "W", "x", "h", "b"},
        ),
        (r"dW_{hy} = \sum_t dy_t\, h_t^\top \tag{4.7}", {"d□", "W", "y", "h", "t"}),
        (r"\frac{\partial^+ h_{t,i}}{\partial b_h}", {"∂+", "h", "t", "i", "b"}),
        (r"\operatorname{softmax}(y / \tau)_i", {"y", "tau", "i"}),
        (r"\text{row } t \text{ of } \texttt{x @ Wxh.T}", {"t"}),
        (r"d\theta + \eta", {"d□", "theta", "eta"}),
        (r"\lVert v \rVert \odot \ell_t", {"‖", "v", "⊙", "ell", "t"}),
    ],
)
def test_letters(formula, found):
    assert letters(formula) == found
