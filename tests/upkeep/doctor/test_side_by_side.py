import threading

import pytest
import structlog.testing

from app.db import Database, transaction_is_open
from app.meta.errors import MetaBusy, MetaRefused, MetaUnreachable, PermissionMissing, TokenDead
from app.upkeep.doctor.facts import Trouble
from app.upkeep.doctor.side_by_side import ask_all, trouble_of


def test_each_answer_stands_under_its_question() -> None:
    assert ask_all({"one": lambda: 1, "none": lambda: None}, seconds=20) == {"one": 1, "none": None}


def test_all_are_asked_at_once() -> None:
    meeting = threading.Barrier(3, timeout=20)
    answers = ask_all(dict.fromkeys("abc", meeting.wait), seconds=20)
    assert sorted(answers.values()) == [0, 1, 2]


def test_who_is_late_is_silent_and_changes_nothing_afterwards() -> None:
    over, ended = threading.Event(), threading.Event()

    def late() -> int:
        over.wait(20)
        ended.set()
        return 1

    answers = ask_all({"late": late, "early": lambda: 2}, seconds=0.05)
    assert answers == {"late": Trouble("silent"), "early": 2}
    over.set()
    assert ended.wait(20)
    assert answers["late"] == Trouble("silent")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (MetaUnreachable(request_written=True), Trouble("silent")),
        (MetaBusy(code=2), Trouble("silent")),
        (TokenDead(code=190, subcode=463), Trouble("token", 190, 463)),
        (PermissionMissing(code=100, subcode=33), Trouble("permission", 100, 33)),
        (MetaRefused(code=1), Trouble("refused", 1, None)),
        (MetaRefused(status=404), Trouble("refused", None, None)),
    ],
)
def test_an_error_of_metas_is_an_answer_too(error: Exception, trouble: Trouble) -> None:
    def fail() -> None:
        raise error

    assert trouble_of(error) == trouble  # type: ignore[arg-type]
    assert ask_all({"it": fail, "other": lambda: 1}, seconds=20) == {"it": trouble, "other": 1}


def test_a_failure_of_our_own_is_logged_by_its_kind_and_stops_nobody_else() -> None:
    def fail() -> None:
        raise KeyError("EAATESTTOKEN")

    with structlog.testing.capture_logs() as logs:
        assert ask_all({"it": fail, "other": lambda: 1}, seconds=20) == {"it": Trouble("failed"), "other": 1}
    assert logs == [{"event": "doctor_question_failed", "log_level": "error", "question": "it", "kind": "KeyError"}]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_threads_know_of_their_callers_open_transaction(db: Database) -> None:
    with db.read():
        assert ask_all({"it": transaction_is_open}, seconds=20) == {"it": True}
    assert ask_all({"it": transaction_is_open}, seconds=20) == {"it": False}
