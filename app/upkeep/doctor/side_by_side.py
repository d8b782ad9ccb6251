"""Asks many questions at once and goes on at the deadline, with whatever has been answered by then."""

import contextvars
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from app.kit import clock
from app.meta.errors import MetaBusy, MetaError, MetaUnreachable, PermissionMissing, TokenDead
from app.upkeep.doctor.facts import Trouble

log = structlog.get_logger(__name__)

SILENT = Trouble("silent")


def ask_all(questions: Mapping[str, Callable[[], Any]], *, seconds: float) -> dict[str, Any]:
    """The answer to each question by its name: what it returned, or the `Trouble` it met.

    After `seconds` a question without an answer has `SILENT`. Its thread is left to end by itself; nobody waits for it,
    not even the end of the process.
    """
    answers: dict[str, Any] = {}
    threads = []
    for name, ask in questions.items():
        # Each thread carries the caller's context, so that a call inside an open transaction is noticed here too.
        run = contextvars.copy_context().run
        threads.append(threading.Thread(target=run, args=(_ask, name, ask, answers), name=f"ask-{name}", daemon=True))
    ends = clock.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - clock.monotonic()))
    # A copy: who is late must not change what has been judged.
    return dict.fromkeys(questions, SILENT) | dict(answers)


def _ask(name: str, ask: Callable[[], Any], answers: dict[str, Any]) -> None:
    try:
        answers[name] = ask()
    except MetaError as error:
        answers[name] = trouble_of(error)
    except Exception as error:  # noqa: BLE001 - one question that fails must not keep the others from being answered
        log.error("doctor_question_failed", question=name, kind=type(error).__name__)
        answers[name] = Trouble("failed")


def trouble_of(error: MetaError) -> Trouble:
    """An error of Meta's as the doctor sees it."""
    match error:
        case MetaUnreachable() | MetaBusy():
            return SILENT
        case TokenDead():
            return Trouble("token", error.code, error.subcode)
        case PermissionMissing():
            return Trouble("permission", error.code, error.subcode)
    return Trouble("refused", error.code, error.subcode)
