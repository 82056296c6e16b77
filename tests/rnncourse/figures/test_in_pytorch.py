"""The figure of notebook 14, on its axes' data."""

import pytest

from rnncourse.figures import in_pytorch as figures


def test_step_times_are_milliseconds_on_logarithmic_axes():
    times = {"rnnlib": [0.0005, 0.02], "PyTorch": [0.002, 0.015]}
    figure = figures.step_times([50, 1000], times)
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    numpy, torch = axes.lines
    assert [*numpy.get_xdata()] == [*torch.get_xdata()] == [50, 1000]
    assert [*numpy.get_ydata()] == pytest.approx([0.5, 20])
    assert [*torch.get_ydata()] == pytest.approx([2, 15])
    assert [text.get_text() for text in axes.get_xticklabels()] == ["50", "1,000"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [*times]


def test_its_text_has_no_times_and_what_is_measured_has_them():
    figure = figures.step_times([50, 1000], {"rnnlib": [0.0005, 0.2312]})
    assert figure.alt.endswith("at 50 and 1,000 units: rnnlib.")
    assert figure.measured == "Milliseconds for rnnlib: 0.5 and 230."
    figure = figures.step_times([50], {name: [0.019498] for name in "abcde"})
    assert figure.measured.startswith("Milliseconds for a: 19; b: 19;")
    assert figure.measured.endswith("e: 19.") and len(figure.axes[0].lines) == 5
