"""What goes wrong in notebook 01: one_hot, make_chunks, look_up."""

import numpy as np

from rnncourse.checker.misconceptions import misconception


@misconception(
    "one_hot",
    "one-place-too-low",
    """The 1 stands at place k - 1, and for k = 0 at the very end. Python counts places
    from 0, so the first symbol already has its own: look at how you turn k into a
    place.""",
)
def _(k, V):
    x = np.zeros(V)
    x[k - 1] = 1
    return x


@misconception("one_hot", "one-place-too-low")
def _(k, V):
    return np.arange(1, V + 1) == k


@misconception(
    "one_hot",
    "one-place-too-high",
    """The 1 stands at place k + 1, and the last symbol finds no place at all. Indices
    and places both count from 0: look at what you add to k.""",
)
def _(k, V):
    x = np.zeros(V)
    x[k + 1] = 1
    return x


@misconception(
    "one_hot",
    "counted-from-the-end",
    """The 1 stands k places from the end. A negative index counts backwards: look at
    the sign of the place.""",
)
def _(k, V):
    x = np.zeros(V)
    x[-k] = 1
    return x


@misconception("one_hot", "counted-from-the-end")
def _(k, V):
    x = np.zeros(V)
    x[V - 1 - k] = 1
    return x


@misconception(
    "one_hot",
    "zero-among-ones",
    """Every entry is 1 but the one that should be. A one-hot vector picks a single
    column of a matrix; this one adds up all the others. Look at which value fills the
    vector and which one marks the place.""",
)
def _(k, V):
    x = np.ones(V)
    x[k] = 0
    return x


@misconception(
    "one_hot",
    "index-as-value",
    """The place is right, but k itself stands there instead of 1. Then the symbol with
    index 6 counts six times and the symbol 0 is lost: look at the value you write.""",
)
def _(k, V):
    x = np.zeros(V)
    x[k] = k
    return x


@misconception(
    "one_hot",
    "index-everywhere",
    """Every entry is k. An index is a name, not an amount: the vector says which symbol
    it is by *where* its only 1 stands.""",
)
def _(k, V):
    return np.full(V, k)


@misconception(
    "one_hot",
    "all-ones",
    """Every entry is 1, whichever symbol it is, so all symbols look the same. Only one
    place may hold a 1: look at what fills the vector at the start.""",
)
def _(k, V):
    return np.ones(V)


@misconception(
    "one_hot",
    "ones-up-to-the-index",
    """All entries up to place k are 1. Times a matrix, that adds up columns instead of
    picking one. Look at the slice or the comparison that decides where a 1 goes.""",
)
def _(k, V):
    return np.where(np.arange(V) <= k, 1.0, 0.0)


@misconception("one_hot", "ones-up-to-the-index")
def _(k, V):
    return np.where(np.arange(V) < k, 1.0, 0.0)


@misconception("one_hot", "ones-up-to-the-index")
def _(k, V):
    return np.where(np.arange(V) >= k, 1.0, 0.0)


@misconception(
    "one_hot",
    "all-zeros",
    """Every entry is 0: nothing marks the symbol. Look at whether your line writes into
    the vector or only computes something.""",
)
def _(k, V):
    return np.zeros(V)


@misconception(
    "one_hot",
    "all-vectors-at-once",
    """A whole (V, V) matrix came: the one-hot vectors of all symbols. You are asked for
    the vector of one symbol, the one with index k.""",
)
def _(k, V):
    return np.eye(V)


@misconception(
    "one_hot",
    "one-entry-too-many",
    """The vector has V + 1 entries. The indices run from 0 to V - 1, so V places are
    enough: look at the length you start from.""",
)
def _(k, V):
    x = np.zeros(V + 1)
    x[k] = 1
    return x


@misconception(
    "make_chunks",
    "targets-are-the-inputs",
    """The targets are the inputs themselves. A network that copies what it sees would
    be perfect then: the task is the *next* character. Look at where the slice of the
    targets starts.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s : s + T]) for s in starts]


@misconception("make_chunks", "targets-are-the-inputs")
def _(ids, T):
    n = len(ids) // T
    return [(ids[k * T : k * T + T], ids[k * T : k * T + T]) for k in range(n)]


@misconception(
    "make_chunks",
    "targets-are-the-previous",
    """Each target is the character *before* its input. The network is to predict the
    one after it: look at which of the two slices stands one place further on.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s + 1 : s + T + 1], ids[s : s + T]) for s in starts]


@misconception(
    "make_chunks",
    "targets-two-ahead",
    """Each target lies two places after its input, not one. Look at the start of the
    slice for the targets.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s + 2 : s + T + 2]) for s in starts]


@misconception(
    "make_chunks",
    "targets-from-the-next-chunk",
    """The targets are the whole next chunk. The target of each input is the very next
    character, so inputs and targets overlap in all but one place.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s + T : s + 2 * T]) for s in starts]


@misconception(
    "make_chunks",
    "one-target-for-a-chunk",
    """There is a single target for the whole chunk. The network predicts at every step,
    so each of the T inputs needs a target of its own.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s + T]) for s in starts]


@misconception(
    "make_chunks",
    "last-target-missing",
    """Each chunk has T inputs and T - 1 targets. The target of the last input is the
    first character after the chunk: look at where the slice of the targets ends.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s + 1 : s + T]) for s in starts]


@misconception(
    "make_chunks",
    "last-input-missing",
    """The chunks are one step too short: T - 1 inputs and targets instead of T. The
    last target lies one place *behind* the T inputs.""",
)
def _(ids, T):
    return [
        (ids[s : s + T][:-1], ids[s : s + T][1:]) for s in range(0, len(ids) - T, T)
    ]


@misconception("make_chunks", "last-input-missing")
def _(ids, T):
    return [
        (ids[s : s + T][:-1], ids[s : s + T][1:]) for s in range(0, len(ids) - T + 1, T)
    ]


@misconception(
    "make_chunks",
    "last-full-chunk-dropped",
    """One full chunk is lost when the text ends exactly with it. A chunk at s needs the
    characters up to s + T: look at the comparison that ends the loop, and try 13
    characters with T = 4.""",
)
def _(ids, T):
    return [
        (ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids) - T - 1, T)
    ]


@misconception(
    "make_chunks",
    "last-chunk-always-dropped",
    """The last full chunk is missing, whatever the length of the text. Count how many
    chunks of T inputs and one more character fit, and hold it against your loop.""",
)
def _(ids, T):
    n = (len(ids) - 1) // T - 1
    return [(ids[k * T : k * T + T], ids[k * T + 1 : k * T + T + 1]) for k in range(n)]


@misconception(
    "make_chunks",
    "last-target-beyond-the-text",
    """A chunk stands at the end of the text although its last target does not exist: T
    inputs need T + 1 characters. Look at how you count the chunks.""",
)
def _(ids, T):
    return [
        (ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids) - T + 1, T)
    ]


@misconception(
    "make_chunks",
    "short-chunk-kept",
    """The rest of the text comes as a last chunk with fewer than T steps, or with none.
    Only full chunks are wanted: look at where the loop ends.""",
)
def _(ids, T):
    return [(ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids), T)]


@misconception("make_chunks", "short-chunk-kept")
def _(ids, T):
    return [
        (ids[s : s + T][: len(ids) - 1 - s], ids[s + 1 : s + T + 1])
        for s in range(0, len(ids) - 1, T)
    ]


@misconception("make_chunks", "short-chunk-kept")
def _(ids, T):
    return [(ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids) - 1, T)]


@misconception(
    "make_chunks",
    "overlapping-windows",
    """Each chunk starts one character after the one before, so most characters are read
    T times. A chunk starts where the last one ended: look at the step of the loop.""",
)
def _(ids, T):
    return [(ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(len(ids) - T)]


@misconception(
    "make_chunks",
    "one-character-skipped",
    """Between two chunks one character is never an input. The target at the end of a
    chunk is the first input of the next one: look at how far you move on.""",
)
def _(ids, T):
    return [
        (ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids) - T, T + 1)
    ]


@misconception(
    "make_chunks",
    "only-the-first-chunk",
    """Only the first chunk came. The text has more: look at where the `return` stands,
    and at what happens to the chunks before the last one.""",
)
def _(ids, T):
    return [(ids[:T], ids[1 : T + 1])]


@misconception("make_chunks", "only-the-first-chunk")
def _(ids, T):
    if len(ids) > T:
        return [(ids[:T], ids[1 : T + 1])]


@misconception(
    "make_chunks",
    "one-character-twice",
    """Neighbouring chunks share an input: each starts on the last character of the one
    before. A chunk of T steps moves T places on: look at the step of the loop.""",
)
def _(ids, T):
    step = T - 1 or 1
    return [
        (ids[s : s + T], ids[s + 1 : s + T + 1]) for s in range(0, len(ids) - T, step)
    ]


@misconception("make_chunks", "one-target-for-a-chunk")
def _(ids, T):
    return [(ids[s : s + T], ids[s + 1]) for s in range(0, len(ids) - T, T)]


@misconception(
    "make_chunks",
    "two-lists",
    """Two lists came, all inputs and all targets. The loop over the chunks wants them
    side by side: one list, and in it a pair (inputs, targets) for each chunk.""",
)
def _(ids, T):
    starts = range(0, len(ids) - T, T)
    inputs = [ids[s : s + T] for s in starts]
    return inputs, [ids[s + 1 : s + T + 1] for s in starts]


@misconception(
    "make_chunks",
    "one-pair-a-character",
    """A pair came for every character. A chunk holds T of them: the inputs as one array
    of T indices, the targets as another.""",
)
def _(ids, T):
    n = (len(ids) - 1) // T * T
    return [(ids[i], ids[i + 1]) for i in range(n)]


@misconception(
    "look_up",
    "rows-for-columns",
    """These are rows of W. Symbol k has *column* k: one number in each of the H rows.
    Look at which of the two places in W[ , ] your index takes.""",
)
def _(W, ids):
    return W[ids]


@misconception(
    "look_up",
    "rows-in-the-place-of-the-symbol",
    """Column k was put into row k. It belongs in row t, the place of the index in
    ids: the same symbol may stand at several places.""",
)
def _(W, ids):
    out = np.zeros((len(ids), len(W)))
    for k in ids:
        out[k] = W[:, k]
    return out


@misconception(
    "look_up",
    "transposed",
    """The right numbers, but lying the wrong way: your result has the shape (H, n).
    Expected is (n, H), row t for the t-th index.""",
)
def _(W, ids):
    return W[:, ids]


@misconception(
    "look_up",
    "only-the-first",
    """Only the column of the first index came. Each of the n indices needs a row of its
    own: look at whether your loop goes on, and at where the `return` stands.""",
)
def _(W, ids):
    return W[:, ids[0]]


@misconception("look_up", "only-the-first")
def _(W, ids):
    return W[:, ids[:1]].T


@misconception(
    "look_up",
    "only-the-last",
    """Only the column of the last index came: each one takes the place of the one
    before. Look at whether your loop keeps what it has found.""",
)
def _(W, ids):
    return W[:, ids[-1]]


@misconception(
    "look_up",
    "columns-added-up",
    """All n columns were added up into one. Which symbol came first, and which second,
    is lost then: keep a row for each index.""",
)
def _(W, ids):
    return W[:, ids].sum(axis=1)


@misconception(
    "look_up",
    "place-for-index",
    """Row t holds column t of W, whatever the t-th index is: the columns come in their
    own order. What does your loop count: the places in ids, or what stands there?""",
)
def _(W, ids):
    return np.array([W[:, t] for t in range(len(ids))])


@misconception(
    "look_up",
    "all-columns",
    """All columns of W came, each once: ids has no effect. Look at where your function
    uses it.""",
)
def _(W, ids):
    return W.T.copy()


@misconception(
    "look_up",
    "one-place-too-low",
    """Each row is the column before the right one, and index 0 gets the last. Indices
    and columns both count from 0: look at what you do to the index.""",
)
def _(W, ids):
    return W[:, ids - 1].T


@misconception(
    "look_up",
    "each-symbol-once",
    """A symbol that comes again has lost its second row. One row is asked for at every
    place of ids, the same one twice where an index comes twice.""",
)
def _(W, ids):
    return W[:, np.unique(ids)].T


@misconception("look_up", "each-symbol-once")
def _(W, ids):
    return W[:, list(dict.fromkeys(ids.tolist()))].T


@misconception(
    "look_up",
    "one-hot-vectors",
    """These are the one-hot vectors. You are asked for what W makes of them: which part
    of W does a one-hot vector pick?""",
)
def _(W, ids):
    return np.eye(W.shape[1])[ids]


@misconception(
    "look_up",
    "times-the-index",
    """Each row is multiplied by its index, so index 0 gives only zeros. An index is a
    name, not an amount: it says *which* column, and the column stays as it is.""",
)
def _(W, ids):
    return ids[:, None] * W[:, ids].T


@misconception(
    "look_up",
    "one-number-for-each",
    """One number came for each index. A column of W has H numbers, and all of them are
    asked for.""",
)
def _(W, ids):
    return W[0, ids]


@misconception(
    "look_up",
    "several-ones-in-a-row",
    """Every row holds the same: the columns of *all* the indices, added up. If you make
    one-hot vectors first, row t may hold a single 1, at its own index.""",
)
def _(W, ids):
    x = np.zeros((len(ids), W.shape[1]))
    x[:, ids] = 1
    return x @ W.T


@misconception(
    "look_up",
    "in-sorted-order",
    """The right columns in the order of the alphabet. Row t belongs to the t-th index:
    the order of the text must not change.""",
)
def _(W, ids):
    return W[:, np.sort(ids)].T


@misconception(
    "look_up",
    "product-with-the-indices",
    """W was multiplied by the indices themselves, as if they were amounts. Where W does
    not happen to have n columns, that does not even fit. An index is a name: it says
    which column to take.""",
)
def _(W, ids):
    return W @ ids
