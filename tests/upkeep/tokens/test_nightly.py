"""Once a night each token has its watch, whatever happened by day."""

from sqlalchemy import delete, select

from app.credentials.models import TokenWatch
from app.credentials.retirement import retire
from app.kit import clock
from app.upkeep.tokens.models import TokenRenewal
from app.upkeep.tokens.nightly import FORGET_AFTER, see_to_watches
from tests.upkeep.tokens.calendar import DAY, Calendar


def states(calendar: Calendar) -> dict[str, str]:
    with calendar.rt.db.read() as session:
        return {row.kind: row.state for row in session.scalars(select(TokenWatch))}


def test_a_token_without_a_watch_gets_one_and_a_second_night_changes_nothing(calendar: Calendar) -> None:
    calendar.connect()
    with calendar.rt.db.write() as session:
        session.execute(delete(TokenWatch))
    assert see_to_watches(calendar.rt) == 2
    assert see_to_watches(calendar.rt) == 0
    calendar.look()
    assert states(calendar) == {"business_token": "waiting", "partner_token": "lasting"}


def test_what_is_retired_is_watched_no_more_and_its_incident_closes(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(50)
    assert [one[3] for one in calendar.incidents()] == [True]
    with calendar.rt.db.write() as session:
        assert retire(
            session, kind="business_token", client_id=run.client_id, subject=str(run.waba_id), now=clock.now()
        )
    calendar.look()
    assert calendar.watch(run.waba_id).state == "gone"
    assert [one[3] for one in calendar.incidents()] == [False]
    calendar.pass_days(20)
    assert [stage for stage, _ in calendar.warnings()] == ["14"]


def test_our_own_token_is_asked_about_though_nobody_calls(calendar: Calendar) -> None:
    calendar.rt.partner_token()
    calendar.look()
    user = calendar.world.partner.admin_user_id
    calendar.world.change("tokens", user_id=user, revoked_subcode=467)
    see_to_watches(calendar.rt)
    calendar.look()
    assert calendar.incidents() == [("partner_token_dead", "critical", "", True)]
    # A new setting would be the way out; here Meta takes the old one back in.
    calendar.world.change("tokens", user_id=user, revoked_subcode=None)
    calendar.pass_days(1)
    assert calendar.incidents() == [("partner_token_dead", "critical", "", False)]


def test_tries_are_forgotten_after_a_year_and_a_month(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.pass_days(46)
    assert len(calendar.tries(run.waba_id)) == 1
    calendar.traveller.shift(FORGET_AFTER + DAY)
    see_to_watches(calendar.rt)
    with calendar.rt.db.read() as session:
        assert session.scalars(select(TokenRenewal)).all() == []
