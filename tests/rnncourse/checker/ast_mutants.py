"""Mutants of a function: its source with one thing changed. Knows nothing of the bank.

for what, source in mutants("def f(x): return x + 1"):
    ...    "x + 1 -> x - 1",  "def f(x): return x - 1"
"""

import ast
import copy
import math

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.MatMult: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
NAMES = {
    "sum": "mean",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "ones": "zeros",
    "tanh": "sin",
    "exp": "exp2",
    "log": "log2",
    "sqrt": "square",
    "square": "sqrt",
    "cumsum": "cumprod",
    "argmin": "argmax",
}


def mutants(source, most=math.inf):
    """Pairs (what was changed, the new source), without repetitions.

    most: of how many changes at most, evenly chosen.
    """
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    variables = names_in(tree.body[0])
    places = [
        (index, change)
        for index, node in enumerate(ast.walk(tree))
        for change in changes_of(node, variables)
    ]
    for index, change in places[:: math.ceil(len(places) / most) or 1]:
        mutant = copy.deepcopy(tree)
        target = list(ast.walk(mutant))[index]
        before = text_of(target)
        replace(mutant, target, change(target))
        text = ast.unparse(ast.fix_missing_locations(mutant))
        if text not in seen:
            seen.add(text)
            yield f"{before} -> {difference(tree, mutant)}", text


def changes_of(node, variables):
    """Functions that take this node to what is to stand in its place."""
    if isinstance(node, ast.BinOp):
        yield from (setting("op", op()) for op in OPERATORS.get(type(node.op), []))
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield lambda n: ast.BinOp(n.right, n.op, n.left)
        yield lambda n: n.left
        yield lambda n: n.right
    if isinstance(node, ast.AugAssign):
        yield from (setting("op", op()) for op in OPERATORS.get(type(node.op), []))
        yield lambda n: ast.Assign([n.target], n.value)
    if isinstance(node, ast.Compare):
        for op in OPERATORS.get(type(node.ops[0]), []):
            yield setting("ops", [op()])
    if isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in {node.value + 1, node.value - 1, -node.value, 2 * node.value}:
            yield setting("value", value)
    if isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield lambda n: n.value
        if node.attr in NAMES:
            yield setting("attr", NAMES[node.attr])
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id in NAMES:
            yield setting("id", NAMES[node.id])
        if node.id in variables:
            at = variables.index(node.id)
            next_ones = variables[at - 1], variables[(at + 1) % len(variables)]
            for other in dict.fromkeys(next_ones):  # in the same order each time
                yield setting("id", other)
            yield lambda n: ast.Attribute(n, "T", ast.Load())
    if isinstance(node, ast.Call):
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            yield lambda n: n.args[0]
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield lambda n: n.func.value
        if len(node.args) > 1:
            yield lambda n: setting("args", n.args[1::-1] + n.args[2:])(n)
        for k in range(len(node.keywords)):
            yield lambda n, k=k: setting(
                "keywords", n.keywords[:k] + n.keywords[k + 1 :]
            )(n)
    if isinstance(node, ast.Slice):
        for end in ("lower", "upper", "step"):
            if getattr(node, end) is not None:
                yield setting(end, None)
    if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) > 1:
        if isinstance(node.ctx, ast.Load):
            yield lambda n: setting("elts", n.elts[::-1])(n)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield lambda n: n.value
    if isinstance(node, ast.IfExp):
        yield lambda n: n.body
        yield lambda n: n.orelse
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If)):
        yield lambda n: ast.Pass()
    if isinstance(node, (ast.Break, ast.Continue)):
        yield lambda n: ast.Pass()


def setting(field, value):
    """A change that gives one field of the node another value."""

    def change(node):
        setattr(node, field, value)
        return node

    return change


def replace(tree, old, new):
    """Put `new` where `old` stands in the tree."""
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is old:
                setattr(node, field, new)
                return
            if isinstance(value, list):
                for k, item in enumerate(value):
                    if item is old:
                        value[k] = new
                        return


def names_in(function):
    """The parameters and local variables of a function, in order."""
    found = [argument.arg for argument in function.args.args]
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.id not in found:
                found.append(node.id)
    return found


def text_of(node):
    return ast.unparse(node).splitlines()[0]


def difference(tree, mutant):
    """The first line in which two trees differ."""
    a, b = (ast.unparse(each).splitlines() for each in (tree, mutant))
    return next((y.strip() for x, y in zip(a, b) if x != y), "shorter")
