"""What every button of an onboarding has in common: it writes, wakes who goes on, and says what was done."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, flash, make_response, redirect, url_for
from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.web.here import rt


@contextmanager
def pressing(said: str, mood: str) -> Iterator[Session]:
    """The transaction of one press, and the words afterwards.

    What moved on between the page and the press changes nothing; its own words are said instead. Whatever else is
    raised, `InvalidInput` above all, goes on to the caller.
    """
    try:
        with rt().db.write() as session:
            yield session
    except Conflict as refused:
        flash(refused.detail, "wait")
    else:
        rt().wakes.ring("onboardings")
        flash(said, mood)


def back_to(reference: str) -> Response:
    """The onboarding's page, which says where it stands now."""
    return make_response(redirect(url_for("console.onboarding.show", reference=reference), 303))
