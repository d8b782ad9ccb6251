"""What becomes of Meta's refusals: tried again, or parked for whoever must act.."""

import pytest

from app.meta.errors import MetaBusy, MetaError, MetaRefused, MetaUnreachable, PermissionMissing, TokenDead
from app.onboarding.ledger.outcomes import Parked, TryAgain
from app.onboarding.ledger.troubles import Whose, given_up, needs_client, needs_us, outcome_of, trouble

TABLE: list[tuple[MetaError, str, str]] = [
    (MetaBusy(code=2, status=503), "credit", "again"),
    (MetaBusy(code=133004, status=503), "register", "again"),
    (MetaUnreachable(request_written=True), "subscribe", "again"),
    (MetaUnreachable(request_written=False), "exchange", "again"),
    (MetaRefused(code=133005, status=400), "register", "needs_client"),
    (MetaRefused(code=133006, status=400), "register", "needs_client"),
    (MetaRefused(code=133016, status=400), "register", "refused"),
    (PermissionMissing(code=200, status=403), "credit", "refused"),
    (MetaRefused(code=100, status=400), "credit", "refused"),
    (TokenDead(code=190, subcode=463, status=401), "subscribe", "needs_client"),
    (TokenDead(code=190, status=401), "credit", "refused"),
    (MetaRefused(code=2593108, status=400), "sync", "needs_client"),
    (MetaRefused(code=987654, status=400), "test", "refused"),
    # A client who is asked to say hi is in no trouble; this one is.
    (TokenDead(code=190, subcode=463, status=401), "test", "refused"),
    (MetaRefused(code=131026, status=400), "test", "refused"),
]


@pytest.mark.parametrize(("error", "step", "expected"), TABLE, ids=str)
def test_each_refusal_ends_in_the_state_of_whoever_must_act(error: MetaError, step: str, expected: str) -> None:
    outcome = outcome_of(error, step)
    if expected == "again":
        assert isinstance(outcome, TryAgain)
    else:
        assert isinstance(outcome, Parked)
        assert outcome.state == expected


def test_metas_numbers_are_kept_and_its_words_are_not() -> None:
    told = MetaRefused(code=133005, subcode=7, trace_id="T1", status=400, details="PIN 246810 is wrong")
    outcome = outcome_of(told, "register")
    assert isinstance(outcome, Parked)
    assert outcome.trouble == {"key": "pin_mismatch", "code": 133005, "subcode": 7, "trace_id": "T1"}


@pytest.mark.parametrize(("asked", "kept"), [(None, None), (300, 300.0), (0, None)])
def test_the_wait_meta_names_is_handed_on(asked: int | None, kept: float | None) -> None:
    outcome = outcome_of(MetaBusy(code=133015, status=400, retry_after=asked), "register")
    assert isinstance(outcome, TryAgain)
    assert outcome.not_before == kept


def test_findings_of_our_own_carry_the_facts_of_their_sentences() -> None:
    assert trouble("say_hi") == {"key": "say_hi"}
    parked = needs_us("scopes_missing", {"seen": 1}, missing="x")
    assert (parked.state, parked.trouble, parked.evidence) == (
        "needs_us",
        {"key": "scopes_missing", "facts": {"missing": "x"}},
        {"seen": 1},
    )
    assert needs_client("no_number").state == "needs_client"


def test_who_gives_up_tells_what_happened_last_and_keeps_metas_numbers() -> None:
    told = given_up({"key": "meta_outage", "code": 2, "subcode": None, "trace_id": "T1"})
    assert (told["key"], told["code"], told["trace_id"]) == ("kept_failing", 2, "T1")
    assert told["facts"] == {"last": "Meta has a passing outage."}
    ours = given_up({"key": "internal", "facts": {"error": "KeyError"}})
    assert "KeyError" in ours["facts"]["last"]


@pytest.mark.parametrize("step", ["exchange", "credit", "register"])
def test_a_dead_token_of_the_client_sends_the_client_to_connect_again_whatever_the_step(step: str) -> None:
    outcome = outcome_of(TokenDead(code=190, subcode=463, status=401), step, whose="client")
    assert isinstance(outcome, Parked)
    assert (outcome.state, outcome.trouble["key"]) == ("needs_client", "token_expired")


def test_a_dead_token_of_ours_is_ours_to_mend() -> None:
    outcome = outcome_of(TokenDead(code=190, subcode=463, status=401), "credit")
    assert isinstance(outcome, Parked)
    assert outcome.trouble["key"] == "system_token_invalid"


@pytest.mark.parametrize("step", ["exchange", "fetch", "inspect", "subscribe"])
def test_a_dead_token_of_the_app_is_neither_the_clients_nor_the_system_users(step: str) -> None:
    outcome = outcome_of(TokenDead(code=190, subcode=463, status=401), step, whose="app")
    assert isinstance(outcome, Parked)
    assert (outcome.state, outcome.trouble["key"], outcome.trouble["code"]) == ("needs_us", "app_token_refused", 190)


@pytest.mark.parametrize(("step", "whose"), [("credit", "client"), ("fetch", "client"), ("fetch", "app")])
def test_what_another_token_may_not_do_is_not_laid_to_our_system_user(step: str, whose: Whose) -> None:
    outcome = outcome_of(PermissionMissing(code=10, status=400), step, whose=whose)
    assert isinstance(outcome, Parked)
    assert outcome.trouble["key"] == "permission_denied"
