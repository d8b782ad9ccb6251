"""What went wrong in a step, as a value the ledger keeps: a catalogue key and Meta's numbers, never a secret."""

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

from app.meta.catalogue import Step, explain, tell
from app.meta.errors import MetaBusy, MetaError, TokenDead
from app.onboarding import rules
from app.onboarding.ledger.outcomes import Outcome, Parked, TryAgain

Whose = Literal["client", "app", "partner"]
# In these steps the catalogue speaks of the partner's system token; their calls with another one are not meant.
OF_SYSTEM_TOKEN: Final = frozenset({"credit", "fetch"})
# The number has a PIN that is not ours: the same one again would only bring Meta's lock nearer.
PIN_TROUBLES: Final = frozenset({"pin_mismatch", "pin_tries_used_up"})
SAY_HI = "say_hi"  # not a trouble in truth: the client is asked to write the test message


def trouble(key: str, **facts: Any) -> dict[str, Any]:
    """A finding of our own, by its key in the catalogue; `facts` fill the places of its sentences."""
    return {"key": key, **({"facts": facts} if facts else {})}


def needs_us(key: str, evidence: Mapping[str, Any] | None = None, **facts: Any) -> Parked:
    return Parked(rules.NEEDS_US, trouble(key, **facts), evidence or {})


def needs_client(key: str, evidence: Mapping[str, Any] | None = None, **facts: Any) -> Parked:
    return Parked(rules.NEEDS_CLIENT, trouble(key, **facts), evidence or {})


def key_of(told: Mapping[str, Any] | None) -> str | None:
    """Which trouble a step keeps; None where it has none."""
    return None if told is None else told.get("key")


def given_up(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a trouble that should have passed by itself becomes after the last try: now somebody must act."""
    last = tell(told["key"], told.get("facts", {})).meaning
    return {**told, "key": "kept_failing", "facts": {"last": last}}


def outcome_of(error: MetaError, step: str, *, whose: Whose = "partner") -> Outcome:
    """What the catalogue says of Meta's refusal: try again by ourselves, or park the step for whoever must act.

    `whose` token the call was made with. When the client's own is dead the client must connect again, also in a step
    whose other calls are made with a token of ours; when the app's is dead our app's secret is wrong.
    """
    is_dead = isinstance(error, TokenDead)
    elsewhere = (whose == "client" and is_dead) or (whose != "partner" and step in OF_SYSTEM_TOKEN)
    place = "inspect" if whose == "app" and is_dead else None if elsewhere else step
    explained = explain(error, cast(Step | None, place))
    told = {"key": explained.key, "code": error.code, "subcode": error.subcode, "trace_id": error.trace_id}
    if whose == "app" and is_dead:
        return Parked(rules.NEEDS_US, told)
    if explained.retry == "auto":
        wanted = error.retry_after if isinstance(error, MetaBusy) else None
        return TryAgain(told, not_before=float(wanted) if wanted else None)
    # A client who is asked to say hi is in no trouble; one whose answer Meta refused is, and the state must say so.
    if explained.who == "client" and step != "test":
        return Parked(rules.NEEDS_CLIENT, told)
    return Parked(rules.REFUSED, told)
