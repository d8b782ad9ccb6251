"""What a look at a token leaves behind; rows written by hand, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.credentials.succession import Heir
from app.kit.secret import Secret
from app.meta.oauth import Inspection
from app.upkeep.tokens.after import WATCH_KEYS, Done, after, words_of
from app.upkeep.tokens.rules import Verdict
from app.upkeep.tokens.ways import Found, Task, Try

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BEGAN, END = NOW - 46 * DAY, NOW + 14 * DAY
NEW_END = NOW + 60 * DAY
HOUR = timedelta(hours=1)


def task(**given: Any) -> Task:
    known: dict[str, Any] = {
        "watch_id": "watch", "kind": "business_token", "client_id": "bakery", "subject": "102290129340398",
        "credential_id": "old", "state": "waiting", "began_at": BEGAN, "ends_at": END, "inspected": True,
        "failures": 2, "alarmed": True, "suspected": None, "dead_since": None, "asked_by": None,
        "facts": {"waba_id": "102290129340398"}, "business_id": "2729063490586005", "last_way": "look",
        "last_outcome": "lost", "last_at": BEGAN,
    }  # fmt: skip
    return Task(**{**known, **given})


def told(ends_at: datetime | None) -> Inspection:
    scopes = frozenset({"b_scope", "a_scope"})
    return Inspection(True, "1234567890", "SYSTEM_USER", scopes, {}, ends_at, BEGAN, None, None)


def renewed(**given: Any) -> Done:
    heir = Heir("old", "business_token", "bakery", Secret("EAAnew-token-0000000000"), {}, NEW_END)
    won = Try("exchange", NOW - HOUR, 120, "renewed", new_end=NEW_END)
    return Done(task(**given), Found("renewed", [won], heir, told(END)))


def came_to(verdict: Verdict, *tries: Try, words: Inspection | None = None, **given: Any) -> Done:
    return Done(task(**given), Found(verdict, list(tries), None, words))


def look_after(done: Done, heir_id: str | None = None, suspected: str | None = None) -> dict[str, Any]:
    row = after(done, heir_id=heir_id, suspected=suspected, from_day=45, now=NOW).watch
    assert set(row) == set(WATCH_KEYS)
    return {name.removeprefix("new_"): value for name, value in row.items()}


def test_a_renewed_token_is_watched_from_its_own_beginning_to_its_own_end() -> None:
    row = look_after(renewed(), heir_id="new")
    assert (row["key"], row["credential_id"], row["state"]) == ("watch", "new", "waiting")
    assert (row["began_at"], row["ends_at"], row["failures"]) == (NOW, NEW_END, 0)
    assert NOW + 45 * DAY <= row["due_at"] <= NOW + 45 * DAY + 12 * HOUR
    assert (row["last_way"], row["last_outcome"], row["last_at"]) == ("exchange", "renewed", NOW - HOUR)


def test_a_new_token_that_was_overtaken_changes_nothing_of_the_old_one() -> None:
    """Its day has come, so it is looked at again at once: whichever counts then."""
    row = look_after(renewed())
    assert (row["credential_id"], row["began_at"], row["ends_at"]) == ("old", BEGAN, END)
    assert (row["state"], row["failures"], row["due_at"]) == ("waiting", 0, NOW)


@pytest.mark.parametrize(("heir_id", "outcome"), [("new", "renewed"), (None, "overtaken")])
def test_the_try_says_which_token_came_of_it_or_that_it_was_overtaken(heir_id: str | None, outcome: str) -> None:
    (row,) = after(renewed(asked_by="staff"), heir_id=heir_id, suspected=None, from_day=45, now=NOW).tries
    assert row.pop("id")
    assert row == {
        "watch_id": "watch", "credential_id": "old", "way": "exchange", "asked_by": "staff", "at": NOW - HOUR,
        "took_ms": 120, "outcome": outcome, "code": None, "subcode": None, "trace_id": None,
        "new_credential_id": heir_id, "old_end": END, "new_end": NEW_END,
    }  # fmt: skip


def test_a_try_of_the_clock_says_so_and_keeps_metas_code() -> None:
    no = Try("exchange", NOW, 80, "refused", 190, 463, "AbC")
    (row,) = after(came_to("refused", no), heir_id=None, suspected=None, from_day=45, now=NOW).tries
    assert (row["asked_by"], row["code"], row["subcode"], row["trace_id"]) == ("clock", 190, 463, "AbC")
    assert row["new_credential_id"] is None


def test_metas_word_of_the_end_counts_where_the_token_stays() -> None:
    row = look_after(came_to("planned", words=told(END + DAY)))
    assert (row["ends_at"], row["began_at"]) == (END + DAY, BEGAN)
    assert look_after(came_to("planned", words=told(None)))["state"] == "lasting"


def test_without_a_word_of_metas_what_was_known_stays() -> None:
    row = look_after(came_to("later", Try("look", NOW, 20_000, "lost")))
    assert (row["ends_at"], row["began_at"], row["failures"]) == (END, BEGAN, 3)
    untried = look_after(came_to("planned"))
    assert (untried["last_way"], untried["last_outcome"], untried["last_at"]) == ("look", "lost", BEGAN)


@pytest.mark.parametrize(("since", "kept"), [(None, NOW), (BEGAN, BEGAN)])
def test_a_token_is_dead_since_it_was_first_found_dead(since: datetime | None, kept: datetime) -> None:
    assert look_after(came_to("dead", dead_since=since))["dead_since"] == kept
    assert look_after(renewed(dead_since=since), heir_id="new")["dead_since"] is None


@pytest.mark.parametrize(
    ("done", "heir_id", "suspected", "kept"),
    [
        # Meta has described it since somebody suspected it.
        (came_to("planned", words=told(END), suspected="190/460"), None, "190/460", None),
        # Meta has said nothing of it.
        (came_to("later", suspected="190/460"), None, "190/460", "190/460"),
        # Somebody came with another suspicion while Meta was asked.
        (came_to("planned", words=told(END)), None, "190/463", "190/463"),
        # Whatever was suspected was the old one.
        (renewed(), "new", "190/463", None),
        (came_to("planned", words=told(END)), None, None, None),
    ],
)
def test_a_suspicion_is_settled_by_metas_own_word_alone(
    done: Done, heir_id: str | None, suspected: str | None, kept: str | None
) -> None:
    assert look_after(done, heir_id, suspected)["suspected"] == kept


def test_a_suspicion_that_came_meanwhile_is_looked_into_at_once() -> None:
    calm = came_to("planned", words=told(NOW + 40 * DAY), began_at=NOW - 20 * DAY)
    assert look_after(calm)["due_at"] > NOW + 20 * DAY
    assert look_after(calm, suspected="190/463")["due_at"] == NOW
    assert look_after(renewed(), "new", "190/463")["due_at"] > NOW + 40 * DAY


def test_what_meta_said_of_a_token_that_stays_is_kept_beside_what_was_known() -> None:
    done = came_to("planned", words=told(END))
    each = after(done, heir_id=None, suspected=None, from_day=45, now=NOW)
    assert each.keeps_token
    assert words_of(each, now=NOW) == {
        "key": "old",
        "new_facts": {
            "waba_id": "102290129340398", "scopes": ["a_scope", "b_scope"], "type": "SYSTEM_USER",
            "issued_at": BEGAN.isoformat(),
        },
        "new_expires_at": END,
        "new_inspected_at": NOW,
    }  # fmt: skip


@pytest.mark.parametrize(("done", "heir_id"), [(renewed(), "new"), (came_to("later"), None)])
def test_nothing_is_said_of_a_token_that_is_followed_or_was_not_described(done: Done, heir_id: str | None) -> None:
    assert not after(done, heir_id=heir_id, suspected=None, from_day=45, now=NOW).keeps_token
