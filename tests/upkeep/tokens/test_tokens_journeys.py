"""Sixty days and more on the local Meta: what is renewed lives, the rest is told of on the right days and no others."""

from datetime import timedelta

from sqlalchemy import select

from app.kit import clock
from app.kit.secret import Secret
from app.onboarding.funnel.reconnect import open_token_of
from app.upkeep.tokens.models import TokenWarning
from app.upkeep.tokens.nightly import see_to_watches
from tests.upkeep.tokens.calendar import DAY, Calendar

EXCHANGE, FETCH = ("exchange", "renewed"), ("fetch", "renewed")


def test_sixty_days_pass_and_every_token_still_lives(calendar: Calendar) -> None:
    runs = [calendar.connect() for _ in range(3)]
    calendar.pass_days(61)
    for run in runs:
        assert calendar.is_valid(run.waba_id)
        assert calendar.tries(run.waba_id) == [EXCHANGE]
        old, new = calendar.credentials(run.waba_id)[-2:]
        assert (old.current_scope, new.current_scope is not None) == (None, True)
        assert old.expires_at is not None
        assert new.expires_at is not None
        assert (new.expires_at - old.expires_at) // DAY in (44, 45)
    assert calendar.incidents() == []
    assert calendar.warnings() == []


def test_a_year_passes_and_the_token_was_renewed_eight_times(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.pass_days(365)
    assert calendar.is_valid(run.waba_id)
    assert calendar.tries(run.waba_id) == [EXCHANGE] * 8
    assert calendar.incidents() == []


def test_no_token_is_renewed_before_its_day(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.pass_days(44.9)
    assert calendar.tries(run.waba_id) == []
    calendar.pass_days(0.9)
    assert calendar.tries(run.waba_id) == [EXCHANGE]


def test_a_token_without_end_stays_as_it_is(calendar: Calendar) -> None:
    _, finished = calendar.journey.connect(token_ttl="never")
    calendar.pass_days(100)
    assert calendar.watch(finished["waba_id"]).state == "lasting"
    assert calendar.tries(finished["waba_id"]) == []
    assert calendar.is_valid(finished["waba_id"])


def test_where_the_exchange_is_refused_the_fetched_token_is_taken(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True)
    calendar.pass_days(120)
    assert calendar.is_valid(run.waba_id)
    assert calendar.tries(run.waba_id) == [("exchange", "refused"), FETCH] * 2
    assert calendar.incidents() == []


def test_where_fetching_is_refused_the_exchange_is_enough(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(fetch=True)
    calendar.pass_days(61)
    assert calendar.is_valid(run.waba_id)
    assert calendar.tries(run.waba_id) == [EXCHANGE]


def test_a_fetched_token_that_ends_no_later_replaces_nothing(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.app(extends_tokens=False, fetch_gives="same")
    calendar.pass_days(45.9)
    assert calendar.tries(run.waba_id) == [("exchange", "refused"), ("fetch", "not_later")]
    assert calendar.watch(run.waba_id).state == "refused"
    assert calendar.is_valid(run.waba_id)


def test_both_refused_warns_on_four_days_and_a_reconnect_closes_the_one_incident(calendar: Calendar) -> None:
    run = calendar.connect()
    other = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.world.change("tokens", account_id=other.waba_id, expires_in=None)
    calendar.pass_days(59.9)
    # It ends on day 60: told with 14, 7, 3 and 1 days left.
    assert calendar.warnings() == [("14", 46), ("7", 53), ("3", 57), ("1", 59)]
    assert calendar.incidents() == [("token_expiring", "urgent", "1", True)]
    assert calendar.changes() == [("opened", "14"), ("stage", "7"), ("worse", "3"), ("stage", "1")]
    assert calendar.held(run) is None
    calendar.refuse()
    calendar.journey.again(run.id, token_ttl="60d")
    calendar.look()
    assert calendar.incidents() == [("token_expiring", "urgent", "1", False)]
    calendar.pass_days(10)
    assert len(calendar.warnings()) == 4
    assert calendar.is_valid(run.waba_id)


def test_a_token_that_ended_pauses_this_client_alone_until_it_connects_again(calendar: Calendar) -> None:
    run, other = calendar.connect(), calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.world.change("tokens", account_id=other.waba_id, expires_in=None)
    calendar.pass_days(60.5)
    assert calendar.held(run) == "token_dead"
    assert calendar.held(other) is None
    assert calendar.incidents() == [
        ("token_expiring", "urgent", "1", False),
        ("token_dead", "urgent", "", True),
    ]
    calendar.journey.again(run.id, token_ttl="60d")
    assert calendar.held(run) is None
    calendar.look()
    assert [one for one in calendar.incidents() if one[3]] == []
    assert calendar.watch(run.waba_id).state == "waiting"


def test_a_dead_token_that_meta_hands_out_anew_comes_back_by_itself(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(61)
    assert calendar.held(run) == "token_dead"
    calendar.app(fetch_gives="same")
    calendar.pass_days(1)
    assert calendar.held(run) is None
    assert calendar.tries(run.waba_id)[-1] == FETCH
    assert [one for one in calendar.incidents() if one[3]] == []


def test_the_warnings_of_one_client_share_a_link_that_can_be_sent(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(59.9)
    with calendar.rt.db.read() as session:
        links = set(session.scalars(select(TokenWarning.link_id)))
        (days,) = {tuple(session.scalars(select(TokenWarning.days_left).order_by(TokenWarning.at)))}
        assert len(links) == 1
        assert open_token_of(session, calendar.rt.vault, run.client_id, links.pop()) is not None
    assert days == (14, 7, 3, 1)


def test_a_house_that_slept_through_two_stages_warns_of_the_nearest_only(calendar: Calendar) -> None:
    calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(44)
    calendar.traveller.shift(timedelta(days=11.5))
    calendar.look()
    assert calendar.warnings() == [("7", 55)]


def test_a_house_that_slept_beyond_a_renewal_renews_without_a_word(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.pass_days(10)
    calendar.traveller.shift(timedelta(days=48))
    calendar.look()
    assert calendar.is_valid(run.waba_id)
    assert (calendar.warnings(), calendar.incidents()) == ([], [])


def test_a_house_whose_clock_is_a_day_ahead_renews_in_time_and_calls_nothing_dead(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.world.pass_time(-DAY.total_seconds())
    calendar.pass_days(130)
    assert calendar.is_valid(run.waba_id)
    assert calendar.incidents() == []
    calendar.refuse(exchange=True, fetch=True)
    ends = calendar.watch(run.waba_id).ends_at
    assert ends is not None
    calendar.pass_days((ends - clock.now()) / DAY + 0.5)
    # By our clock it has ended; Meta still takes it, and Meta's word counts.
    assert calendar.held(run) is None
    calendar.pass_days(1)
    assert calendar.held(run) == "token_dead"


def test_a_house_whose_clock_is_a_day_behind_renews_in_time(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.world.pass_time(DAY.total_seconds())
    calendar.pass_days(130)
    assert calendar.is_valid(run.waba_id)
    assert (calendar.incidents(), calendar.warnings()) == ([], [])


def test_our_own_token_is_renewed_like_every_other(calendar: Calendar) -> None:
    calendar.connect()
    user = calendar.world.partner.admin_user_id
    calendar.world.change("tokens", user_id=user, expires_in=60 * DAY.total_seconds())
    see_to_watches(calendar.rt)
    calendar.look()
    calendar.pass_days(61)
    assert calendar.is_valid(None)
    assert calendar.tries() == [EXCHANGE]
    # The setting is long dead by now, and everything goes on with the row.
    seed = Secret(calendar.rt.settings.meta_system_token.get_secret_value())
    assert not calendar.rt.meta.oauth.inspect(seed).is_valid
    assert calendar.connect().waba_id is not None
    assert calendar.incidents() == []


def test_our_own_token_that_ends_is_the_highest_incident_there_is(calendar: Calendar) -> None:
    calendar.rt.partner_token()
    user = calendar.world.partner.admin_user_id
    calendar.world.change("tokens", user_id=user, expires_in=60 * DAY.total_seconds())
    calendar.look()
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(59.9)
    assert calendar.incidents() == [("partner_token_expiring", "critical", "1", True)]
    assert calendar.changes() == [("opened", "14"), ("stage", "7"), ("worse", "3"), ("stage", "1")]
    assert calendar.warnings() == []
    calendar.pass_days(0.5)
    assert [one for one in calendar.incidents() if one[3]] == [("partner_token_dead", "critical", "", True)]
