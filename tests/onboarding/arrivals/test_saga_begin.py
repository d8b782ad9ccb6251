"""The thirty seconds of a code: exchanged at once, once, with nothing open; and what is said when it is not good."""

from datetime import timedelta

import pytest
import requests
from sqlalchemy import text

from app.audit.store import list_of
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, Unavailable
from app.kit.secret import Secret
from app.models import Base
from app.onboarding.arrivals import saga
from app.onboarding.models import Onboarding
from app.onboarding.reading.progress import list_calls
from tests.conftest import Rings
from tests.onboarding.journey import Client, Journey


def post(journey: Journey, client: Client, code: str) -> str:
    client.finished["code"] = code
    return journey.post_code(client, event=client.event)


def test_a_code_becomes_an_onboarding_and_rings_for_its_walk(journey: Journey, rings: Rings) -> None:
    key, _ = journey.begin()
    assert rings.rung == ["onboardings"]
    progress = journey.progress(key)
    assert progress.state == "open"
    assert progress.client_name == "Example Bakery"
    assert progress.event_kind == "FINISH"
    assert len(progress.test_word) == 4
    assert [step.state for step in progress.steps] == ["not_started"] * 5


def test_the_same_opening_posted_again_gives_the_same_onboarding(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client, event=client.event)
    assert journey.post_code(client, event=client.event) == key
    assert journey.post_code(client) == key
    assert journey.world.count("/oauth/access_token") == 1


def test_the_page_finds_its_onboarding_again(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client)
    assert client.visit.onboarding_id is None
    with journey.db.read() as session:
        assert session.get_one(Onboarding, key).link_id == client.visit.link.id


@pytest.mark.parametrize(
    ("spoil", "said"), [("expired", "code_expired"), ("reused", "code_used"), ("garbage", "code_not_valid")]
)
def test_a_code_that_meta_refuses_is_explained_and_stays_refused(journey: Journey, spoil: str, said: str) -> None:
    client = journey.client()
    if spoil == "expired":
        journey.world.pass_time(31)
    elif spoil == "reused":
        journey.rt.meta.oauth.exchange(client.code)
    else:
        client.finished["code"] = "not-a-code"
    for _ in range(2):
        with pytest.raises(InvalidInput) as refused:
            journey.post_code(client, event=client.event)
        assert refused.value.code == said
        assert [fault.field for fault in refused.value.faults] == ["code"]
        assert client.finished["code"] not in str(refused.value)
    with journey.db.read() as session:
        kept = [entry for entry in list_of(session, "link", client.visit.link.id) if entry.action == "code.refused"]
    assert [entry.facts["key"] for entry in kept] == [said, said]
    assert all(client.finished["code"] not in str(entry.facts) for entry in kept)


def test_after_a_refused_code_a_new_signup_on_the_same_page_works(journey: Journey) -> None:
    client = journey.client()
    with pytest.raises(InvalidInput):
        post(journey, client, "not-a-code")
    again = Client(client.visit, journey.world.signup("standard"))
    assert journey.progress(journey.post_code(again, event=again.event)).state == "open"


def test_a_code_used_by_another_client_is_refused_and_begins_nothing(journey: Journey) -> None:
    first, second = journey.client(), journey.client()
    journey.post_code(first, event=first.event)
    with pytest.raises(InvalidInput):
        post(journey, second, first.finished["code"])
    with journey.db.read() as session:
        assert session.scalar(text("SELECT count(*) FROM onboardings")) == 1


@pytest.mark.parametrize("bad_day", [{"status": 503, "body": None}, {"html": 502}, {"drop": "before"}])
def test_a_code_that_could_not_be_shown_to_meta_may_be_posted_again_at_once(
    journey: Journey, bad_day: dict[str, object]
) -> None:
    client = journey.client()
    journey.world.fault("/oauth/access_token", bad_day, times=1)
    with pytest.raises(Unavailable):
        journey.post_code(client, event=client.event)
    key = journey.post_code(client, event=client.event)
    journey.walk()
    assert journey.progress(key).state == "connected"


def test_an_answer_lost_after_the_exchange_ends_in_a_new_signup_not_in_a_loop(journey: Journey) -> None:
    client = journey.client()
    journey.world.fault("/oauth/access_token", {"drop": "after"}, times=1)
    with pytest.raises(Unavailable):
        journey.post_code(client, event=client.event)
    for _ in range(2):
        with pytest.raises(InvalidInput) as refused:
            journey.post_code(client, event=client.event)
        assert refused.value.code == "code_used"
    assert journey.world.effects("exchanged") == 1


class Death(BaseException):
    """The process is killed."""


def test_a_second_post_while_the_first_is_answered_is_a_conflict(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = journey.client()
    monkeypatch.setattr(requests.Session, "request", _die)
    with pytest.raises(Death):
        journey.post_code(client, event=client.event)
    with pytest.raises(Conflict) as busy:
        journey.post_code(client, event=client.event)
    assert busy.value.code == "being_completed"


def _die(*_: object, **__: object) -> None:
    raise Death


def test_a_death_between_exchange_and_record_ends_in_a_new_signup(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = journey.client()
    with monkeypatch.context() as killed:
        killed.setattr(saga, "_lay_down", _die)
        with pytest.raises(Death):
            journey.post_code(client, event=client.event)
    late = 2 * 60
    journey.world.pass_time(late)
    with pytest.raises(InvalidInput) as refused:
        saga.begin(
            journey.rt,
            client.visit,
            browser_key=client.key,
            code=client.code,
            event=None,
            now=clock.now() + timedelta(seconds=late),
        )
    assert refused.value.code in {"code_used", "code_expired"}


def test_what_is_kept_of_the_exchange_holds_no_secret(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client, event=client.event)
    with journey.db.read() as session:
        (call,) = list_calls(session, key)
    assert (call.step_name, call.attempt, call.method, call.path) == ("exchange", 0, "POST", "/oauth/access_token")
    assert (call.status, call.actor) == (200, "client")
    assert call.request["code"] == "(secret)"
    assert call.request["client_secret"] == "(secret)"
    assert call.reply is not None
    assert call.reply["access_token"] == "(secret)"


def test_no_column_holds_a_token_a_code_a_pin_or_a_link_token_in_plain(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client, event=client.event)
    journey.walk()
    with journey.db.read() as session:
        client_id = journey.progress(key).client_id
        held = [
            journey.rt.vault.open_current(session, kind=kind, client_id=client_id, subject=subject)
            for kind, subject in (
                ("business_token", client.finished["waba_id"]),
                ("pin", client.finished["phone_number_id"]),
            )
        ]
        secrets = {client.code, *(one.secret for one in held if one), Secret(journey.world.partner.admin_token)}
        assert len(secrets) == 4
        for table in Base.metadata.sorted_tables:
            for row in session.execute(table.select()):
                for name, value in zip(row._fields, row, strict=True):
                    for secret in secrets:
                        if len(secret.reveal()) == 6 and "id" in name:
                            continue  # six digits may stand inside an id by chance
                        assert secret.reveal() not in str(value), f"{table.name}.{name}"
