from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.access.jobs import forget_old_sessions
from app.access.models import Staff, StaffSession
from app.access.sessions import add_session
from app.db import Database
from tests.access.conftest import NOON


def test_sessions_are_forgotten_a_month_after_their_end(db: Database, robin: Staff) -> None:
    with db.write() as session:
        add_session(session, robin, address=None, user_agent=None, now=NOON)
    ended = NOON + timedelta(days=7)
    with time_machine.travel(ended + timedelta(days=30), tick=False):
        assert forget_old_sessions(db) == 0
    with time_machine.travel(ended + timedelta(days=30, seconds=1), tick=False):
        assert forget_old_sessions(db) == 1
    with db.read() as session:
        assert session.scalars(select(StaffSession)).all() == []
