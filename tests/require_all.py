"""A pytest plugin for the build server: with `REQUIRE_ALL=1` a test that skips has failed.

A machine that lacks a browser or a database may skip what needs it; the build server may not, or a part of the product
would quietly stop being tested. `.ci/run` sets the variable, `make test` loads the plugin. One file of tests may always
skip: Meta's published description is not ours to copy, so where it is not there nobody can install it.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest

REQUIRED = os.environ.get("REQUIRE_ALL") == "1"
MAY_SKIP = "tests/contract/test_published_description.py"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refuse_skip((yield))


def refuse_skip(report: Any) -> Any:
    """The same report, failed instead of skipped where everything is required. An expected failure stays one."""
    may_skip = hasattr(report, "wasxfail") or report.nodeid.startswith(MAY_SKIP)
    if REQUIRED and report.outcome == "skipped" and not may_skip:
        report.outcome = "failed"
        report.longrepr = f"skipped although everything is required here: {reason_of(report)}"
    return report


def reason_of(report: Any) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
