'''The bank of misconceptions: which mistakes `check` knows by name.

For teachers. When a mistake comes up that the checker does not name, add it: a wrong
function that makes the mistake, a slug, and what the student should read. The message
is one to three sentences: what the result shows, why it is wrong, where to look. It
does not hand over the line. Put it into the file of its notebook in
`rnnlib/teaching/bank/`, which has the imports already, or run it in a cell to have it
until the kernel stops:

    import numpy as np
    from rnnlib.teaching.misconceptions import misconception

    @misconception("softmax", "square-for-exp", """The logits are squared where they
    should be exponentiated, so -2 and 2 get the same probability. Which function is
    positive everywhere and keeps their order?""")
    def _(y):
        return y**2 / np.sum(y**2, axis=-1, keepdims=True)

From then on a student whose `softmax` does the same, in whatever style, reads this.
The comparison is by output, on every test input of the exercise (`exercises.py`).
`make test` says if the new mistake cannot be told from the truth or from another one;
then the exercise needs a test input on which they differ.

Another form of the same mistake (axis=0 here, a loop there) is added under the same
slug without a message. A mistake whose numbers depend on a choice of the student, such
as an eps, gets a `symptom` too: a function that looks at the trials and says yes or no.
'''

# First what a file of the bank may import from here too.
from rnnlib.teaching.bank import BANK, Misconception, misconception, symptom

# isort: split
from rnnlib.teaching.bank import (
    backpropagation,
    forward_pass,
    gradient_checking,
    one_hot_encoding,
    softmax_and_cross_entropy,
    training,
)

NOTEBOOKS = [
    one_hot_encoding,
    forward_pass,
    softmax_and_cross_entropy,
    backpropagation,
    gradient_checking,
    training,
]

__all__ = ["BANK", "Misconception", "NOTEBOOKS", "misconception", "symptom"]
