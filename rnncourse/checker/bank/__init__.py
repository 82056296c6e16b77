"""The bank of known mistakes, a file for each notebook; they register on import."""

from rnncourse.checker.bank import (
    backpropagation,
    forward_pass,
    gates,
    gradient_checking,
    in_pytorch,
    inside,
    making_it_fast,
    memory,
    one_hot_encoding,
    other_tasks,
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
    inside,
    other_tasks,
    gates,
    the_gist,
    in_pytorch,
]
