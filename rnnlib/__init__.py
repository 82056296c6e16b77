"""A vanilla recurrent network in NumPy: the library that the notebooks build."""

from rnnlib.bptt import backward, loss_and_grad
from rnnlib.corpus import load_corpus
from rnnlib.forward import Params, States, forward
from rnnlib.gradcheck import (
    check_gradients,
    complex_step_gradient,
    numerical_gradient,
    relative_error,
)
from rnnlib.loss import cross_entropy, evaluate, softmax
from rnnlib.optimizers import Adam
from rnnlib.sampling import generate, sample
from rnnlib.text import Vocabulary, chunks, one_hot
from rnnlib.training import Adagrad, Step, Training, clip

__all__ = [
    "Adagrad",
    "Adam",
    "Params",
    "States",
    "Step",
    "Training",
    "Vocabulary",
    "backward",
    "check_gradients",
    "chunks",
    "clip",
    "complex_step_gradient",
    "cross_entropy",
    "evaluate",
    "forward",
    "generate",
    "load_corpus",
    "loss_and_grad",
    "numerical_gradient",
    "one_hot",
    "relative_error",
    "sample",
    "softmax",
]
