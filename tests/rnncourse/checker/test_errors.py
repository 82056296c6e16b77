"""What Python and NumPy say of a slip, told in the words of the course."""

import pytest

from rnncourse.checker import check
from rnncourse.checker.exercises import EXERCISES
from tests.rnncourse.checker.test_check import student

TOLD = {
    "* for @": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(Wxh * x + Whh @ h_prev + bh)
        """,
        "In Wxh * x the * multiplies entry by entry, and Wxh has shape (H, V).",
    ),
    "* for @ in an assignment": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            a = bh.copy()
            a += Wxh * x
            return np.tanh(a)
        """,
        "In Wxh * x the * multiplies entry by entry, and Wxh has shape (H, V).",
    ),
    "an index as an amount": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            for k in inputs:
                h_init = np.tanh(Wxh * k + Whh @ h_init + bh)
        """,
        "In Wxh * k the whole matrix is multiplied by an index. An index names",
    ),
    "a shape that only the error tells": (
        """
        def softmax(y):
            return np.exp(y - np.max(y, axis=-1))
        """,
        "y has shape (T, V) and np.max(y, axis=-1) (T,), which - cannot pair up",
    ),
    "an array as a condition": (
        """
        def clip(grad, limit):
            for i in range(len(grad)):
                if grad[i] > limit:
                    grad[i] = limit
        """,
        "The condition is an array, with a True or False for each entry",
    ),
    "the other side": (
        """
        def grad_Why_by(dy, h):
            return dy @ h, dy.sum(axis=0)
        """,
        "In dy @ h, dy has shape (T, V) and h (T, H). The last axis on the left must "
        "be as long as the first on the right, and V is not T",
    ),
    "a product over two lines": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(
                Wxh * x
                + Whh @ h_prev
                + bh
            )
        """,
        "In Wxh * x the * multiplies entry by entry, and Wxh has shape (H, V).",
    ),
    "a row for a column": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            for k in inputs:
                h_init = np.tanh(Wxh[k] + Whh @ h_init + bh)
        """,
        "Wxh[k] has shape (V,) and Whh @ h_init (H,), which + cannot pair up entry by "
        "entry. Wxh[k] is a row of Wxh.",
    ),
    "a row that is not there": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            return [Wxh[k] for k in inputs[2:]]
        """,
        "Wxh[k] asks for number 7, and Wxh, of shape (H, V), has H = 4 rows (0 to 3). "
        "An index alone takes whole rows; is it a column that you need, or an entry of "
        "each row?",
    ),
    "an index for a vector": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            for t in range(len(inputs)):
                h = np.tanh(Wxh @ inputs[t] + Whh @ h_init + bh)
        """,
        "inputs[t] is one number. An index names a character",
    ),
    "indices for rows": (
        """
        def grad_y(p, targets):
            return p - targets
        """,
        "p has shape (T, V) and targets (T,), which - cannot pair up entry by entry. "
        "targets holds indices, one a step, and no rows.",
    ),
    "a third argument of np.maximum": (
        """
        def relative_error(a, b):
            n = np.linalg.norm
            return n(a - b) / np.maximum(n(a), n(b), 1e-12)
        """,
        "np.maximum compares two arrays; a third argument is the array that takes",
    ),
    "a name that was given away": (
        """
        max = 3.0
        def relative_error(a, b):
            return max(a, b)
        """,
        "max is no function any more",
    ),
    "round brackets": (
        """
        def nll(p, targets):
            return p(0, targets[0])
        """,
        "p(...) calls p like a function; entries are taken with square brackets",
    ),
    "math for an array": (
        """
        def softmax(y):
            return math.exp(y)
        """,
        "math.exp takes one number",
    ),
    "an axis too many": (
        """
        def grad_a(dh_t, h_t):
            return dh_t.sum(axis=1)
        """,
        "It asks for axis 1 of an array that has one axis, 0.",
    ),
    "a float index": (
        """
        def one_hot(k, V):
            x = np.zeros(V)
            x[k / 1] = 1
            return x
        """,
        "The index in x[k / 1] is float64; an index is an integer.",
    ),
    "an index too many": (
        """
        def grad_a(dh_t, h_t):
            return dh_t[0, 0]
        """,
        "dh_t[0, 0] has more indices than dh_t has axes: its shape is (H,).",
    ),
    "no room": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            h = np.zeros((len(inputs), len(bh)))
            h[0] = np.tanh(Wxh)
        """,
        "An array of shape (H, V) is put into h[0], which has room for (H,).",
    ),
    "an array into a number": (
        """
        def one_hot(k, V):
            x = np.zeros(V)
            x[k] = x
            return x
        """,
        "A whole array is put where one number has room.",
    ),
    "a list for an array": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            h = [h_init]
            return h.T
        """,
        "A list has no .T. An array may have it",
    ),
    "a slip of the pen": (
        """
        def grad_a(dh_t, h_t):
            return (1 - h_t**2) * dht
        """,
        "dht has no value. Do you mean dh_t?",
    ),
    "a size without a value": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            return np.zeros((T, H)), np.zeros((T, V))
        """,
        "T has no value inside the function. It is the size of an axis",
    ),
    "a size of the notebook": (
        """
        T = 25
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            return [Wxh[:, inputs[t]] for t in range(T)]
        """,
        "It takes T = 25 from the notebook; all sizes come with the arguments",
    ),
    "a matrix of the notebook": (
        """
        W = np.ones((4, 9))
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(W @ x + Whh @ h_prev + bh)
        """,
        "It takes W from the notebook; all that it needs comes as arguments.",
    ),
}


@pytest.mark.parametrize("source, words", TOLD.values(), ids=TOLD)
def test_numpys_text_is_told_in_the_words_of_the_course(source, words):
    verdict = check(student(source))
    assert verdict.status == "wrong" and verdict.misconception is None
    assert words in verdict.message, verdict
    assert len(repr(verdict).splitlines()) <= 4 and not repr(verdict).endswith("...")


# An exercise, its body (`;` ends a line), and what the student reads.
SLIPS = r"""
one_hot | return np.zeros(1, V) | np.zeros takes all sizes as one tuple
one_hot | x = np.zeros(V, int); x += 0.5 | takes the result holds integers
one_hot | x = [0 for i in V] | One number came where several are gone through
one_hot | x = zeros(V) | zeros has no value. If NumPy's is meant, `np.`
one_hot | x = []; x[k] = 1 | The list x is empty when x[k] is asked for.
one_hot | x = [0] * V; x[V] = 1 | The list x has 5 entries when x[V] is
one_hot | return np.zeros(V).append(k) | There is np.append, which takes
one_hot | return np.zeros(V).extend([k]) | An array has no .extend: that is
one_hot | x = (0,) * V; x[k] = 1 | A tuple cannot be changed
one_hot | return np.eye(V)(k) | np.eye(V) is no function, so no round
one_hot | return [0] * k + 1 | With a list the + puts two of them together
one_hot | return np.zeros[V] | A function stands here that was not called
nll | return targets[0][0] | targets[0] is one number, and has no
one_hot | return (k + V)[0] | One number stands before the square brackets
one_hot | return np.eye(V)[k].K | has no .K.
one_hot | return np.zeros(V).fill(1).T | is None: what was to make it returns
one_hot | x = None; return x[k] | None came: what was to make the array
one_hot | return [1] - k | - cannot be applied to these kinds: list and int.
one_hot | return len(k) | One number has no length.
one_hot | return 1 / 0 | A number is divided by 0.
look_up | return np.stack([W[0], W[:, 0]]) | together: W[0] (4,), W[:, 0] (H,).
look_up | return np.vstack([]) | what is to be put together is empty
make_chunks | return range(len(ids) / T) | a float came: / gives a float
make_chunks | return ids[: len(ids) / T] | a float came: / gives a float
make_chunks | return range(ids.shape) | is needed here, and a tuple came.
make_chunks | return [].append(ids, T) | Brackets around several things make
make_chunks | return ids.reshape(-1, T) | 15 numbers do not fill rows of 4.
make_chunks | return np.split(ids, T) | np.split wants parts of one length
make_chunks | a, b = ids | too many values on the right
make_chunks | a, b = ids[:1] | not enough values on the right
rnn_step | return Wxh.dot(h_prev) | In Wxh.dot(h_prev), Wxh has shape (H, V)
rnn_step | return np.matmul(Wxh, bh) | Wxh has shape (H, V) and bh (H,). The
rnn_step | return np.add(Wxh, Whh) | Whh (H, H), which + cannot pair up
rnn_step | a = a + bh | a is used before a line of the function has given it
rnn_step | return np.einsum('hv,h', Wxh, x) | The letters for np.einsum
rnn_forward | for t, k in inputs: pass | are gone through or taken apart
rnn_forward | return np.array([h_init, by]) | Its parts have different lengths
rnn_forward | rnn_step(inputs[0], h_init, Wxh, Whh, bh) | rnn_step takes x of shape
rnn_forward | rnn_step(by, h_init, Wxh, Whh) | rnn_step needs bh too. It takes
rnn_forward | rnn_step(by, None, Wxh, Whh, bh) | h_prev of shape (H,); here it is None.
rnn_forward | rnn_step(bh, h_init, Wxh, Whh, bh) | rnn_step takes x and Wxh with the
rnn_forward | rnn_step(by, [[1], [1, 2]], Wxh, Whh, bh) | different lengths
softmax | return np.exp(y - max(y)) | Python's max compares whole rows
softmax | return y.exp() | There is np.exp, which takes the array
softmax | return np.softmax(y) | NumPy has no softmax.
softmax | return np.sum(y, keepdim=True) | no argument with the name keepdim. Do
softmax | return np.sum(y, 0, 0) | 0 stands where the kind of number belongs
softmax | print(f"{y:.2f}") | writes one number, and what came is of the type ndarray
softmax | return [math.log(-1)] | a number that has none
nll | return p.tolist()[0, 1] | A list has one index; two of them
grad_y | return p - np.eye(targets) | is needed here, and a whole array came
push | grad_y(W[:, inputs], targets) | grad_y takes p and targets with the same T; here
grad_a | return (1 - h_t ^ 2) * dh_t | ^ is no power in Python
grad_Wxh_Whh_bh | W = 0 * h_prev.T; np.add.at(W, inputs, da) | W[inputs] asks for
rnn_backward | da = 0 * h; da[len(h)] = 0 | T = 6 rows (0 to 5). (Input
numerical_gradient | return f(theta, 1) | f gets more arguments than it takes
numerical_gradient | return bool(theta) | gets an array where one number or
relative_error | return np.norm(a) | NumPy has no norm here; it is in np.linalg
relative_error | return np.max(a, b, 1) | np.max looks through one array; next
draw | return np.digitize(u, p) | np.digitize needs borders that rise
draw | return np.searchsorted(u, p) | The array that is searched comes first
smooth | return losses * beta | A list times a number does not multiply
train | m = {}; return m['Wxh'] | m has no key 'Wxh'. It is empty.
train | return clip(ids, T) ** 2 | None takes part in a calculation.
train | rnn_forward(ids + 99, params['bh'], **params) | asked for where there
train | return params['dbh'] | Its keys: Wxh, Whh, Why, bh, by.
output_in_rows | return params['Why'] | The blocks of a Params are taken with a
output_in_rows | return h @ Why.T | Why has no value by itself: it is a part of
"""


@pytest.mark.parametrize("row", SLIPS.strip().splitlines())
def test_a_slip_of_python_or_numpy_is_told_plainly(row):
    name, body, words = row.split(" | ")
    lines = "\n    ".join(body.split("; "))
    function = student(f"def {EXERCISES[name].signature}:\n    {lines}\n")
    for other, exercise in EXERCISES.items():  # of the cells before
        function.__globals__.setdefault(other, exercise.truth)
    verdict = check(function)
    assert verdict.status == "wrong" and verdict.misconception is None
    assert words in verdict.message, verdict
    assert not repr(verdict).endswith("...")


def test_a_constant_of_the_notebook_is_nobodys_mistake():
    wrong = student("""
        eps = 1e-8
        def softmax(y):
            return 3 * right(y) + eps
    """)
    assert "from the notebook" not in check(wrong).message
