"""What NumPy and Python say of the commonest slips, in the words of the course.

The exception's own frame still knows the values: the part of the line that failed is
read again, and its operands are told by name, with their shapes in symbols.
"""

import ast
import builtins
import difflib
import dis
import linecache
import re
import types

import numpy as np

from rnncourse.checker.running import home_of

# Nodes of an expression that can be read again without doing anything.
READABLE = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Tuple,
    ast.Constant,
    ast.UnaryOp,
    ast.BinOp,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
)
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def told(error, function, in_symbols):
    """The exception in one to three sentences, or "" if it is not one of these slips.

    in_symbols: a function from a shape to text, "(H, V)".
    """
    place = failed(error, function)
    if place is None:
        return ""
    node, frame = place
    for tell in TELLERS:
        text = tell(error, node, frame, in_symbols)
        if text:
            return text
    return ""


def failed(error, function):
    """The node of the source that raised, in the student's own code, and its frame."""
    home = home_of(function)
    own = [tb for tb in links(error.__traceback__) if tb.tb_frame.f_globals is home]
    if not own:
        return None
    code, index = own[-1].tb_frame.f_code, own[-1].tb_lasti // 2
    first, last, start, end = list(code.co_positions())[index]
    lines = [
        linecache.getline(code.co_filename, number).encode()
        for number in range(first or 1, (last or 0) + 1)
    ]
    if not all(lines) or start is None:
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    try:
        (node,) = ast.parse(b"".join(lines).decode().strip()).body
    except (SyntaxError, ValueError):
        return None
    node = node.value if isinstance(node, ast.Expr) else node
    return node, own[-1].tb_frame


def links(link):
    """The links of a traceback, outermost first."""
    while link is not None:
        yield link
        link = link.tb_next


def value_of(node, frame):
    """What an expression is worth in a frame; None if it must not be read again."""
    if not all(isinstance(each, READABLE) for each in ast.walk(node)):
        return None
    try:
        with np.errstate(all="ignore"):
            return eval(ast.unparse(node), frame.f_globals, frame.f_locals)
    except Exception:
        return None


def text_of(node, width=28):
    """An expression as the student wrote it, at most so long."""
    text = ast.unparse(node)
    return text if len(text) <= width else text[: width - 3] + "..."


def operands(node):
    """The operator and both sides of a product, sum or `+=`; None if it is neither."""
    if isinstance(node, ast.BinOp):
        return node.op, node.left, node.right
    if isinstance(node, ast.AugAssign):
        return node.op, node.target, node.value
    return None


def tell_name(error, node, frame, in_symbols):
    """A name that has no value."""
    if not isinstance(error, NameError):
        return ""
    if isinstance(error, UnboundLocalError) or not error.name:
        return ""
    if error.name in ("T", "H", "V"):
        return (
            f"{error.name} has no value inside the function. It is the size of an axis "
            "of an argument: read it off its shape."
        )
    close = difflib.get_close_matches(error.name, frame.f_locals)
    if not close:
        return ""
    return f"{error.name} has no value. Do you mean {close[0]}?"


def tell_product(error, node, frame, in_symbols):
    """A product whose sides do not fit."""
    parts = operands(node)
    if parts is None or not isinstance(parts[0], ast.MatMult):
        return ""
    sides = [(text_of(side), value_of(side, frame)) for side in parts[1:]]
    if any(value is None for _, value in sides):
        return ""
    for text, value in sides:
        if np.ndim(value) == 0:
            return f"@ needs an array on both sides, and {text} is one number" + (
                ". An index names a character; it is not the character's vector."
                if np.asarray(value).dtype.kind in "iu"
                else "."
            )
    (left, a), (right, b) = sides
    a, b = np.shape(a), np.shape(b)
    inner = (in_symbols((a[-1],))[1:-2], in_symbols((b[-2:][0],))[1:-2])
    return (
        f"In {text_of(node, 60)}, {left} has shape {in_symbols(a)} and {right} "
        f"{in_symbols(b)}. The last axis on the left must be as long as the first on "
        f"the right, and {inner[0]} is not {inner[1]}: look at the order, or at a "
        "transpose."
    )


def tell_pairs(error, node, frame, in_symbols):
    """Entry by entry, of shapes that do not pair up."""
    parts = operands(node)
    if parts is None or type(parts[0]) not in SIGNS or "broadcast" not in str(error):
        return ""
    star = starred(node, frame)
    if star is not None:
        text, matrix, shape, index = star
        if index:
            return (
                f"In {text} the whole matrix is multiplied by an index. An index names "
                "a character; it is not an amount."
            )
        return (
            f"In {text} the * multiplies entry by entry, and {matrix} has shape "
            f"{in_symbols(shape)}. A matrix times a vector also adds up along each "
            "row: that is @."
        )
    values = [value_of(side, frame) for side in parts[1:]]
    left, right = (text_of(side) for side in parts[1:])
    shapes = re.findall(r"\(([\d,]*)\)", str(error))[:2]
    a, b = (tuple(int(n) for n in re.findall(r"\d+", shape)) for shape in shapes)
    text = (
        f"{left} has shape {in_symbols(a)} and {right} {in_symbols(b)}, which "
        f"{SIGNS[type(parts[0])]} cannot pair up entry by entry."
    )
    for side, value in zip(parts[1:], values):
        if value is None:
            continue
        if np.ndim(value) == 1 and np.asarray(value).dtype.kind in "iu":
            text += f" {text_of(side)} holds indices, one a step, and no rows."
        if isinstance(side, ast.Subscript) and not isinstance(side.slice, ast.Tuple):
            if np.ndim(value) == 1 and np.ndim(value_of(side.value, frame)) == 2:
                text += f" {text_of(side)} is a row of {text_of(side.value)}."
    return text


def starred(node, frame):
    """A matrix * vector, or * index, in a node; None if there is none.

    Returns its text, the matrix, the matrix's shape, and whether it is an index.
    """
    for each in ast.walk(node):
        parts = operands(each)
        if parts is None or not isinstance(parts[0], ast.Mult):
            continue
        sides = [(text_of(s), value_of(s, frame)) for s in parts[1:]]
        if any(value is None for _, value in sides):
            continue
        (matrix, array), (_, other) = sorted(sides, key=lambda side: -np.ndim(side[1]))
        index = np.ndim(other) == 0 and np.asarray(other).dtype.kind in "iu"
        if np.ndim(array) == 2 and (np.ndim(other) == 1 or index):
            return text_of(each), matrix, np.shape(array), index
    return None


def tell_index(error, node, frame, in_symbols):
    """An index that the array does not have."""
    if not isinstance(error, IndexError) or not isinstance(node, ast.Subscript):
        return ""
    array = value_of(node.value, frame)
    name, shape = text_of(node.value), np.shape(array)
    bounds = r"index (-?\d+) is out of bounds for axis (\d) with size"
    found = re.match(bounds, str(error))
    if found and isinstance(array, np.ndarray):
        index, axis = int(found[1]), int(found[2])
        places = in_symbols((shape[axis],))[1:-2]
        places = places if places == str(shape[axis]) else f"{places} = {shape[axis]}"
        what = ("rows" if axis == 0 else "columns") if len(shape) == 2 else "entries"
        text = (
            f"{text_of(node)} asks for number {index}, and {name}, of shape "
            f"{in_symbols(shape)}, has {places} {what} (0 to {shape[axis] - 1})."
        )
        if len(shape) == 2 and axis == 0 and not isinstance(node.slice, ast.Tuple):
            text += " A single index takes a row; is it a column that you need?"
        return text
    if "too many indices" in str(error) and isinstance(array, np.ndarray):
        return (
            f"{text_of(node)} has more indices than {name} has axes: its shape is "
            f"{in_symbols(shape)}."
        )
    if "only integers" in str(error) or "arrays used as indices" in str(error):
        index = value_of(node.slice, frame)
        kind = np.asarray(index).dtype.name if index is not None else "no integer"
        return f"The index in {text_of(node)} is {kind}; an index is an integer."
    return ""


def tell_call(error, node, frame, in_symbols):
    """A function that takes something else, or what is no function."""
    if not isinstance(error, TypeError) or not isinstance(node, ast.Call):
        return ""
    name = text_of(node.func)
    if name in ("np.maximum", "np.minimum") and len(node.args) > 2:
        return (
            f"{name} compares two arrays; a third argument is the array that takes the "
            f"result. For the {name[3:6]} of several numbers Python has a function."
        )
    if "not callable" in str(error):
        if hasattr(builtins, name):
            return (
                f"{name} is no function any more: some line here or in the notebook "
                "gave that name to a value. Give the value another name, and run "
                f"`del {name}`."
            )
        if isinstance(value_of(node.func, frame), (np.ndarray, list, tuple)):
            return (
                f"{name}(...) calls {name} like a function; entries are taken with "
                "square brackets."
            )
    one = "only" in str(error) and "arrays can be converted" in str(error)
    if one and name.startswith("math."):
        return f"{name} takes one number; for a whole array NumPy has its own."
    return ""


def tell_axis(error, node, frame, in_symbols):
    """An axis that the array does not have."""
    bounds = r"axis (-?\d+) is out of bounds for array of dimension (\d)"
    found = re.match(bounds, str(error))
    if not found:
        return ""
    axes = "one axis, 0" if found[2] == "1" else f"{found[2]} axes"
    last = " The last axis is -1, however many there are." if found[2] == "1" else ""
    return f"It asks for axis {found[1]} of an array that has {axes}.{last}"


def tell_truth(error, node, frame, in_symbols):
    """An array where one True or False belongs."""
    if not str(error).startswith("The truth value of an array"):
        return ""
    return (
        "The condition is an array, a True or False for each entry, and not one of "
        "them: what it compares has several entries, for one the row of a matrix."
    )


def tell_place(error, node, frame, in_symbols):
    """An array that does not fit where it is put."""
    found = re.match(
        r"could not broadcast input array from shape \(([\d, ]*)\) into shape "
        r"\(([\d, ]*)\)",
        str(error),
    )
    if found:
        came, wanted = (
            tuple(int(n) for n in re.findall(r"\d+", shape)) for shape in found.groups()
        )
        where = f" {text_of(node)}" if isinstance(node, ast.Subscript) else " a place"
        return (
            f"An array of shape {in_symbols(came)} is put into{where}, which has room "
            f"for {in_symbols(wanted)}."
        )
    if str(error).startswith("setting an array element with a sequence"):
        return "A whole array is put where one number has room."
    found = re.match(r"'(list|tuple)' object has no attribute '(\w+)'", str(error))
    if found:
        return (
            f"A {found[1]} has no .{found[2]}. An array may have it: np.array makes "
            f"one of a {found[1]}."
        )
    return ""


TELLERS = [
    tell_name,
    tell_product,
    tell_pairs,
    tell_index,
    tell_call,
    tell_axis,
    tell_truth,
    tell_place,
]


def taken_from_outside(function):
    """Whole numbers and arrays of the notebook that a function reads by name."""
    home, code = home_of(function), getattr(function, "__code__", None)
    if code is None:
        return {}
    found = {name: home.get(name) for name in global_names(code)}
    kinds = (int, np.integer, np.ndarray)
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, kinds) and not isinstance(value, bool)
    }


def global_names(code):
    """The global names that a code object reads, those of its inner functions too."""
    steps = dis.get_instructions(code)
    names = [step.argval for step in steps if step.opname == "LOAD_GLOBAL"]
    inner = (const for const in code.co_consts if isinstance(const, types.CodeType))
    return names + [name for each in inner for name in global_names(each)]
