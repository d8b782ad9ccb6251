"""Which tests stay together when several processes share the work.

Tests that need the same running house go to one process, so that it is built once; every other test goes wherever there
is room. A scheduler of our own decides, by where a test stands, because the one of pytest-xdist that goes by marks
(`--dist loadgroup`) loses them on the way with pytest 9.2 and spreads everything without a word.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

# The house that stands for the whole session; see `tests/journeys/conftest.py`.
HOUSE = (
    "tests/journeys/test_aboard.py",
    "tests/journeys/test_bad_days.py",
    "tests/browser/connect/test_elsewhere.py",
    "tests/browser/connect/test_endings.py",
    "tests/browser/connect/test_endings_explained.py",
    "tests/browser/connect/test_messages.py",
    "tests/browser/connect/test_questions.py",
    "tests/browser/connect/test_signup.py",
)
# These share a house of their own, so that another process may run them beside those above.
WALKS = "tests/browser/walks/"
# Each file here has a house of its own.
OWN_HOUSES = "tests/journeys/"


def together_with(nodeid: str) -> str:
    """The name of the group a test is run in; its own name where it need not be in any."""
    path = nodeid.partition("::")[0]
    if path in HOUSE:
        return "house"
    if path.startswith(WALKS):
        return "walks"
    return path if path.startswith(OWN_HOUSES) else nodeid


class Spread(LoadScopeScheduling):
    """The largest groups go first; a group is run by one process, in order."""

    def _split_scope(self, nodeid: str) -> str:
        return together_with(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Spread(config, log)
