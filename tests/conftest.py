"""Settings for every test, in `tests` and in the notebooks."""

import os

import pytest
from hypothesis import HealthCheck, settings

# How long the examples take is a matter of what else the machine does.
settings.register_profile(
    "course",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")


class SkipsFail:
    """Turn a skipped test, module or notebook cell into a failure.

    CI has everything that a test may need. What is skipped there is not tested.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        return _failed_if_skipped((yield))

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self):
        return _failed_if_skipped((yield))


def _failed_if_skipped(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure in CI: {report.longrepr[-1]}"
    return report


def pytest_configure(config):
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(SkipsFail())
