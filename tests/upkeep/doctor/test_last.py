from datetime import timedelta

from app.audit.store import SYSTEM, Actor
from app.db import Database
from app.upkeep.doctor.last import find_last, keep
from app.upkeep.doctor.report import judge
from tests.upkeep.doctor.healthy import HEALTHY, NOON, of_meta


def test_before_anybody_has_asked_there_is_none(db: Database) -> None:
    with db.read() as session:
        assert find_last(session) is None


def test_the_newest_one_is_the_last_with_who_asked_for_it(db: Database) -> None:
    newest, older = judge(of_meta(popup="config"), NOON), judge(HEALTHY, NOON - timedelta(hours=1))
    with db.write() as session:
        keep(session, newest, Actor("staff", "s-1"))
        keep(session, older, SYSTEM)
    with db.read() as session:
        last = find_last(session)
    assert last is not None
    assert (last.report, last.actor) == (newest, Actor("staff", "s-1"))
