"""What NumPy and Python say of the commonest slips, in the words of the course.

The exception's own frame still knows the values: the part of the line that failed is
read again, and its operands are told by name, with their shapes in symbols.
"""

import ast
import builtins
import difflib
import dis
import inspect
import linecache
import re
import types
from contextlib import suppress

import numpy as np

from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.running import home_of, is_deep, plain

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
# NumPy's functions for the same.
CALLED = {"dot": ast.MatMult, "matmul": ast.MatMult, "multiply": ast.Mult}
CALLED |= {"add": ast.Add, "subtract": ast.Sub, "divide": ast.Div}


def told(error, function, in_symbols):
    """The exception in one to three sentences, or "" if it is not one of these slips.

    in_symbols: a function from a shape to text, "(H, V)".
    """
    endless = isinstance(error, RecursionError)  # no argument is at fault
    text = "" if endless else tell_lent(error, function, in_symbols)
    place = failed(error, function)
    if text or place is None:
        return text
    for tell in TELLERS:
        text = tell(error, *place, in_symbols)
        if text:
            return text
    return ""


def tell_lent(error, function, in_symbols):
    """Arguments of the wrong shape for another exercise's function; "" if they fit."""
    for link in links(error.__traceback__):
        code, values = link.tb_frame.f_code, link.tb_frame.f_locals
        name = code.co_name
        if name not in EXERCISES or name == function.__name__:
            continue
        exercise, found = EXERCISES[name], {}
        theirs = [values.get(each) for each in code.co_varnames[: code.co_argcount]]
        for (argument, symbols), value in zip(exercise.arguments.items(), theirs):
            shape = shape_of(value)
            if not symbols or shape is None:
                continue
            came = in_symbols(shape) if shape else "one number"
            came = "None" if value is None else came
            wanted = f"({symbols}{',' if ',' not in symbols else ''})"
            if len(shape) not in {np.ndim(c.args[argument]) for c in exercise.cases}:
                return f"{name} takes {argument} of shape {wanted}; here it is {came}."
            for symbol, size in zip(reversed(symbols.split(", ")), reversed(shape)):
                other, its, there = found.setdefault(symbol, (argument, size, came))
                if its != size:
                    return (
                        f"{name} takes {other} and {argument} with the same {symbol}; "
                        f"here they have the shapes {there} and {came}."
                    )
    return ""


def failed(error, function):
    """The node of the source that raised, in the student's own code, and its frame."""
    home = home_of(function)
    own = [tb for tb in links(error.__traceback__) if tb.tb_frame.f_globals is home]
    if not own:
        return None
    code, index = own[-1].tb_frame.f_code, own[-1].tb_lasti // 2
    first, last, start, end = list(code.co_positions())[index]
    if start is None:
        return None
    lines = [
        linecache.getline(code.co_filename, number).encode()
        for number in range(first, last + 1)
    ]
    if not all(lines):
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    piece = b"".join(lines).decode().strip()
    # In brackets it may go on over lines; it may also be a part of an f-string.
    for source in (f"({piece})", piece, f"f{piece!r}"):
        with suppress(SyntaxError, ValueError):
            (node,) = ast.parse(source).body
            node = node.value if isinstance(node, ast.Expr) else node
            return node, own[-1].tb_frame
    return None


def shape_of(value):
    """The shape of an argument; None where it has none."""
    try:
        return np.shape(plain(value))
    except ValueError:  # rows of different lengths
        return None


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
            value = eval(ast.unparse(node), frame.f_globals, frame.f_locals)
        return None if is_deep(value) else value
    except Exception:
        return None


def text_of(node, width=28):
    """An expression as the student wrote it, at most so long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= width else text[: width - 3] + "..."


def operands(node):
    """The operator and both sides of a product, sum or `+=`; None if it is neither."""
    if isinstance(node, ast.BinOp):
        return node.op, node.left, node.right
    if isinstance(node, ast.AugAssign):
        return node.op, node.target, node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        sides = [*node.args] if len(node.args) != 1 else [node.func.value, *node.args]
        if node.func.attr in CALLED and len(sides) == 2:
            return CALLED[node.func.attr](), *sides
    return None


def tell_name(error, node, frame, in_symbols):
    """A name that has no value."""
    if not isinstance(error, NameError):
        return ""
    name = error.name
    if isinstance(error, UnboundLocalError) or not name:
        name = re.search(r"variable '(\w+)'", str(error))[1]
        return (
            f"{name} is used before a line of the function has given it a value. What "
            "a loop hands on needs a first value before the loop."
        )
    if name in ("T", "H", "V"):
        return (
            f"{name} has no value inside the function. It is the size of an axis "
            "of an argument: read it off its shape."
        )
    for holder, value in frame.f_locals.items():
        if name in getattr(value, "keys", list)() or hasattr(value, name):
            return f"{name} has no value by itself: it is a part of {holder}."
    if hasattr(np, name):
        return f"{name} has no value. If NumPy's is meant, `np.` stands before it."
    close = difflib.get_close_matches(name, frame.f_locals)
    if not close:
        return (
            f"{name} has no value: it is no argument, and no line that has run gives "
            "it one."
        )
    return f"{name} has no value. Do you mean {close[0]}?"


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
    if not isinstance(error, (IndexError, KeyError)):
        return ""
    if isinstance(node, ast.Call) and text_of(node.func).endswith(".at"):
        node = ast.Subscript(node.args[0], node.args[1], ast.Load())
    if not isinstance(node, ast.Subscript):
        return ""
    array, name = value_of(node.value, frame), text_of(node.value)
    if isinstance(array, dict):
        keys = f"Its keys: {', '.join(map(str, array))}" if array else "It is empty"
        return f"{name} has no key {error}. {keys}."
    if isinstance(array, list) and "out of range" in str(error):
        size = f"has {len(array)} entries" if array else "is empty"
        return (
            f"The list {name} {size} when {text_of(node)} is asked for. A list has "
            "only what was put into it; append puts something at its end."
        )
    if "invalid index to scalar" in str(error):
        return f"{name} is one number, and has no entries to take."
    shape = np.shape(array)
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
        single = not isinstance(node.slice, ast.Tuple) and index != shape[axis]
        if len(shape) == 2 and axis == 0 and single:
            text += " An index alone takes whole rows; is it a column that you need, "
            text += "or an entry of each row?"
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
    name, function = text_of(node.func), value_of(node.func, frame)
    several = f"For the {name[3:6]} of several numbers Python has a function."
    if name in ("np.maximum", "np.minimum") and len(node.args) > 2:
        return (
            f"{name} compares two arrays; a third argument is the array that takes the "
            f"result. {several}"
        )
    if name in ("np.max", "np.min") and len(node.args) > 1:
        return f"{name} looks through one array; next comes an axis. {several}"
    if name in ("np.zeros", "np.ones", "np.empty") and len(node.args) > 1:
        return (
            f"{name} takes all sizes as one tuple, in brackets of its own; its second "
            "argument is the kind of number."
        )
    text = tell_arguments(str(error), name, function)
    if text:
        return text
    if "not callable" in str(error):
        if hasattr(builtins, name):
            return (
                f"{name} is no function any more: some line here or in the notebook "
                "gave that name to a value. Give the value another name, and run "
                f"`del {name}`."
            )
        if isinstance(function, (np.ndarray, list, tuple)):
            return (
                f"{name}(...) calls {name} like a function; entries are taken with "
                "square brackets."
            )
        return f"{name} is no function, so no round brackets can follow it."
    one = "only" in str(error) and "arrays can be converted" in str(error)
    if one and name.startswith("math."):
        return f"{name} takes one number; for a whole array NumPy has its own."
    return ""


def tell_arguments(message, name, function):
    """A call with too many, too few or misnamed arguments."""
    try:
        takes = f" It takes {inspect.signature(function)}."
    except (TypeError, ValueError):
        takes = ""
    found = re.search(r"missing \d+ required positional arguments?: (.*)", message)
    if found:
        return f"{name} needs {found[1].replace(chr(39), '')} too.{takes}"
    if re.search(r"takes .* arguments? (but|\()", message):
        if "exactly one" in message:
            takes = " Brackets around several things make one of them."
        return f"{name} gets more arguments than it takes.{takes}"
    found = re.search(r"unexpected keyword argument '(\w+)'", message)
    if found:
        close = difflib.get_close_matches(found[1], re.findall(r"\w+", takes))
        hint = f" Do you mean {close[0]}?" if close else ""
        return f"{name} has no argument with the name {found[1]}.{hint}"
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
    if isinstance(node, ast.Call) and text_of(node.func) in ("max", "min", "sorted"):
        return (
            f"Python's {text_of(node.func)} compares whole rows or arrays, which gives "
            "a True or False for each entry. NumPy's looks at the single numbers."
        )
    if isinstance(node, ast.Call):
        return f"{text_of(node)} gets an array where one number or a shape belongs."
    return (
        "The condition is an array, with a True or False for each entry. What it "
        "compares has several entries: of a matrix, an index takes a whole row."
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
    if "inhomogeneous" in str(error):
        return "Its parts have different lengths, so they make no array."
    if str(error).startswith("setting an array element with a sequence"):
        return "A whole array is put where one number has room."
    return ""


def tell_attribute(error, node, frame, in_symbols):
    """A name after a point that is not there."""
    if not isinstance(error, AttributeError) or not isinstance(node, ast.Attribute):
        return ""
    value, name, attribute = error.obj, text_of(node.value), node.attr
    if value is np:
        if hasattr(np.linalg, attribute):
            return f"NumPy has no {attribute} here; it is in np.linalg."
        close = difflib.get_close_matches(attribute, dir(np), n=2, cutoff=0.75)
        hint = f" Do you mean {' or '.join(f'np.{each}' for each in close)}?"
        return f"NumPy has no {attribute}.{hint if close else ''}"
    if value is None:
        return f"{name} is None: what was to make it returns nothing."
    if isinstance(value, (list, tuple)) and hasattr(np.ndarray, attribute):
        kind = type(value).__name__
        return (
            f"A {kind} has no .{attribute}. An array may have it: np.array makes one "
            f"of a {kind}."
        )
    if isinstance(value, np.ndarray) and hasattr(np, attribute):
        return (
            f"An array has no .{attribute}. There is np.{attribute}, which takes the "
            "array as an argument."
        )
    if isinstance(value, (np.ndarray, tuple)) and hasattr(list, attribute):
        kind = "An array" if isinstance(value, np.ndarray) else "A tuple"
        return f"{kind} has no .{attribute}: that is a list's."
    return f"{name} has no .{attribute}."


def tell_joining(error, node, frame, in_symbols):
    """Arrays that cannot be put together."""
    if "need at least one array" in str(error):
        return "The list of what is to be put together is empty."
    if not re.match("all (the )?input array", str(error)):
        return ""
    parts = node.args[0].elts if hasattr(node.args[0], "elts") else []
    came = [(text_of(part), value_of(part, frame)) for part in parts]
    shapes = [f"{text} {in_symbols(np.shape(v))}" for text, v in came if v is not None]
    these = f": {', '.join(shapes)}" if shapes else ""
    return (
        f"The parts do not fit together{these}. Without an axis they are put under "
        "each other, row below row; axis=1 puts them side by side."
    )


def tell_in_words(error, node, frame, in_symbols):
    """Slips that Python's or NumPy's own words give away."""
    said = f"{type(error).__name__}: {error}"
    over = getattr(node, "generators", [node])[0]  # of a list, what it goes through
    over = getattr(over, "iter", over)
    for pattern, text in WORDS.items():
        found = re.search(pattern, said)
        if found:
            return text.format(*found.groups(), node=text_of(over))
    return ""


NO_LOOP = (
    "One number came where several are gone through or taken apart: {node}. A loop "
    "counts through a range; an item and its number come from enumerate."
)
NO_WHOLE = "A whole number is needed here, and a {} came"
# What is searched for in an exception, and what it means: the groups fill {}.
WORDS = {
    r"Cannot interpret '(.*)' as a data type": "{} stands where the kind of number "
    "belongs. Look at how many arguments there are, and at their order.",
    r"remapped shapes": "The letters for np.einsum do not fit the shapes: a letter "
    "stands for one length.",
    r"Cannot cast ufunc .* to dtype\('int": "The array that takes the result holds "
    "integers, and the result has digits after the point. Look at how it was made.",
    r"'\S*(?:int|float)\d*' object is not (?:iterable|reversible)": NO_LOOP,
    r"cannot unpack non-iterable \S*(?:int|float)": NO_LOOP,
    r"(too many|not enough) values to unpack": "There are {} values on the right for "
    "the names on the left.",
    r"'(float)' object cannot be interpreted": NO_WHOLE + ": / gives a float, // gives "
    "a whole number.",
    r"slice indices must be integers": NO_WHOLE.format("float") + ": / gives a float, "
    "// gives a whole number.",
    r"'(\w+)' object cannot be interpreted": NO_WHOLE + ".",
    r"only integer scalar arrays can": NO_WHOLE.format("whole array") + ".",
    r"RecursionError": "The function calls itself over and over, and no call ends.",
    r"'\S*(?:function|method)\S*' object (?:is not subscr|does)": "A function stands "
    "here that was not called: it needs round brackets.",
    r"'Params' object is not subscriptable": "The blocks of a Params are taken with a "
    "point and their name.",
    r"'NoneType' object is not subscriptable": "None came: what was to make the array "
    "returns nothing.",
    r"'\S*(?:int|float)\d*' object is not subscriptable": "One number stands before "
    "the square brackets, and it has no entries.",
    r"'tuple' object does not support item": "A tuple cannot be changed; a list or an "
    "array can.",
    r"list indices must be integers or slices, not tuple": "A list has one index; two "
    "of them, with a comma between, are for arrays.",
    r"reshape array of size (\d+) into shape \((\d+)\)": "{} numbers do not fill rows "
    "of {}.",
    r"reshape array of size (\d+) into shape \((\d+),newaxis\)": "{} numbers do not "
    "fill {} rows of one length.",
    r"cannot reshape array of size (\d+) into shape (.*)": "{} numbers do not fill the "
    "shape {} exactly.",
    r"split does not result in an equal": "The length is no multiple of the number of "
    "parts, and np.split wants parts of one length.",
    r"bitwise_xor|for \^": "^ is no power in Python: that is written with two stars.",
    r"multiply sequence by non-int": "A list times a number does not multiply what is "
    "in it. An array does; or take the entries one by one.",
    r"can only concatenate (list|tuple)": "With a {} the + puts two of them together "
    "and adds no numbers.",
    r"operand type.*'NoneType'": "None takes part in a calculation. A function that "
    "changes its argument in place, or lacks its return, gives back None.",
    r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)": "Number {} is "
    "asked for where there are {} places, counted from 0.",
    r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'": "{} cannot be "
    "applied to these kinds: {} and {}.",
    r"format string passed to (?:numpy\.)?(\w+)": "A form such as .2f writes one "
    "number, and what came is of the type {}.",
    r"has no len\(\)|len\(\) of unsized": "One number has no length.",
    r"bins must be monotonically": "np.digitize needs borders that rise from one to "
    "the next, and these do not.",
    r"object of too small depth": "The array that is searched comes first, and what is "
    "looked for after it.",
    r"math domain error|expected a (?:positive|nonnegative) input": "A logarithm or a "
    "root is taken of a number that has none.",
    r"ZeroDivisionError": "A number is divided by 0.",
}


TELLERS = [
    tell_name,
    tell_product,
    tell_pairs,
    tell_index,
    tell_call,
    tell_axis,
    tell_truth,
    tell_place,
    tell_attribute,
    tell_joining,
    tell_in_words,
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
