"""The bank of misconceptions (being filled)."""

from rnnlib.teaching.bank import (
    BANK,
    Misconception,
    backpropagation,
    forward_pass,
    gradient_checking,
    misconception,
    one_hot_encoding,
    softmax_and_cross_entropy,
    symptom,
    training,
)

NOTEBOOKS = {
    "01": one_hot_encoding,
    "02": forward_pass,
    "03": softmax_and_cross_entropy,
    "04": backpropagation,
    "05": gradient_checking,
    "06": training,
}

__all__ = ["BANK", "Misconception", "misconception", "symptom"]
