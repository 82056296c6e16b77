"""The bank of known mistakes, a file for each notebook; they register on import."""

from rnncourse.checker.bank import (
    backpropagation,
    forward_pass,
    gradient_checking,
    making_it_fast,
    memory,
    one_hot_encoding,
    softmax_and_cross_entropy,
    the_gist,
    training,
    training_well,
)

NOTEBOOKS = [
    one_hot_encoding,
    forward_pass,
    softmax_and_cross_entropy,
    backpropagation,
    gradient_checking,
    training,
    making_it_fast,
    memory,
    training_well,
    the_gist,
]
