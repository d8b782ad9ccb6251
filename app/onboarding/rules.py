"""Decisions of an onboarding: facts in, a decision out. No session, no HTTP, no clock of its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.onboarding.plans import Plan

# A step's states; the words people read for them are the page's and the console's.
NOT_STARTED = "not_started"
RUNNING = "running"
RETRYING = "retrying"
WAITING = "waiting"
NEEDS_CLIENT = "needs_client"
NEEDS_US = "needs_us"
REFUSED = "refused"
DONE = "done"
SKIPPED = "skipped"

SETTLED = frozenset({DONE, SKIPPED})
PARKED = frozenset({NEEDS_CLIENT, NEEDS_US, REFUSED})

# Seconds to wait after the 1st, 2nd, … failure in a row. After the last one a person decides.
BACK_OFF = (1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
# A call to register counts against ten of its number in 72 hours even when it fails ("Registration", 133016).
REGISTERS = 10
REGISTERS_WITHIN = timedelta(hours=72)
# The last of them are for people, and one run of the steps spends only a few by itself.
REGISTERS_FOR_PEOPLE = 2
MOST_REGISTERS_BY_MACHINE = 3

# What Meta says of an account that came to us, where no window said anything.
PARTNER_ADDED: Final = "PARTNER_ADDED"
APP_INSTALLED: Final = "PARTNER_APP_INSTALLED"
SHARE_KINDS: Final = frozenset({PARTNER_ADDED, APP_INSTALLED})
# Ways on which the client has just been in a signup of Meta's.
SIGNED_UP = frozenset({"popup", "redirect", "hosted"})
# EXPIRED is not among them: a verification may run out later, and a number that is connected stays so.
NEVER_VERIFIED = frozenset({"NOT_VERIFIED", "UNVERIFIED"})

# A phone app answers within minutes; when nothing has come for this long, people should know.
SILENT_AFTER = timedelta(hours=1)
REQUIRED_SCOPES = frozenset({"whatsapp_business_management", "whatsapp_business_messaging"})


@dataclass(frozen=True)
class StepFacts:
    """What the rules need to know of a step."""

    name: str
    state: str
    failures: int = 0
    next_try_at: datetime | None = None


@dataclass(frozen=True)
class Received:
    """What came of a signup: how the client came, what the window said, what was asked for, what we knew before."""

    way: str = "popup"
    event_kind: str | None = None
    plan_asked: str | None = None
    has_solution: bool = False
    was_live: bool = False


@dataclass(frozen=True)
class NumberFacts:
    """What Meta says of a number, in Meta's words ("Business phone numbers")."""

    status: str | None = None
    platform_type: str | None = None
    code_verification_status: str | None = None
    is_on_biz_app: bool | None = None
    is_preverified: bool | None = None
    display_phone_number: str | None = None


@dataclass(frozen=True)
class Wait:
    """How long a condition may take: seconds to the first look and between later ones, and when a person decides.

    `then` is the finding that a step is parked with, `who` must act on it (client or partner).
    """

    first: float
    slowest: float
    patience: timedelta
    then: str
    who: str


@dataclass(frozen=True)
class SyncFacts:
    """What is known of one thing asked of a phone app."""

    until: datetime
    asked_at: datetime | None = None
    seen_at: datetime | None = None
    declined_at: datetime | None = None
    done_at: datetime | None = None


def sync_state(sync: SyncFacts, *, now: datetime) -> str:
    """The one word for it: to_ask, too_late, asked, silent, arriving, done or declined."""
    if sync.declined_at is not None:
        return "declined"
    if sync.done_at is not None:
        return "done"
    if sync.seen_at is not None:
        return "arriving"
    if sync.asked_at is None:
        return "to_ask" if now < sync.until else "too_late"
    return "asked" if now - sync.asked_at < SILENT_AFTER else "silent"


def ready_steps(plan: Plan, steps: Mapping[str, StepFacts], *, under_way: Collection[str], now: datetime) -> list[str]:
    """Which steps can start now, in the plan's order. `under_way` are those this very walk is running.

    A step noted as running that nobody runs was cut off by a death: it starts again, and looks before it acts.
    """
    return [name for name in plan.steps if name not in under_way and _may_start(plan, steps, name, now)]


def _may_start(plan: Plan, steps: Mapping[str, StepFacts], name: str, now: datetime) -> bool:
    step = steps[name]
    if step.state in SETTLED or step.state in PARKED:
        return False
    if any(steps[before].state not in SETTLED for before in plan.before(name)):
        return False
    if step.state in {RETRYING, WAITING}:
        return step.next_try_at is not None and step.next_try_at <= now
    return True


def next_look(steps: Collection[StepFacts]) -> datetime | None:
    """When the walk must go on by itself; None when only a person or a message can move it."""
    times = [step.next_try_at for step in steps if step.state in {RETRYING, WAITING} and step.next_try_at]
    return min(times, default=None)


def back_off(failures: int, *, jitter: float, not_before: float | None = None) -> timedelta | None:
    """How long to wait after `failures` failures in a row; None when a person must decide.

    `jitter` is a random number from 0 to 1 that stretches the wait by up to a fifth, so that many who failed together
    do not come back together. `not_before` is what Meta asked for (seconds).
    """
    if failures > len(BACK_OFF):
        return None
    wait = BACK_OFF[failures - 1] * (1 + jitter / 5)
    return timedelta(seconds=max(wait, not_before or 0.0))


def may_register(spent: int, *, here: int, by_hand: bool) -> bool:
    """Whether a number may be registered once more.

    `spent`: tries of this number in the last 72 hours, whoever made them; `here`: those of this run of the steps. A
    person may spend all ten, never an eleventh; a machine leaves two to people.
    """
    if by_hand:
        return spent < REGISTERS
    return spent < REGISTERS - REGISTERS_FOR_PEOPLE and here < MOST_REGISTERS_BY_MACHINE


def may_share(way: str, event_ids: Mapping[str, Any], *, is_paid: bool, by_hand: bool) -> bool:
    """Whether our credit line may be shared with an account that does not show it.

    An adopted account has paid somehow before: the line is shared only where staff asked for it and nobody pays.
    Whoever presses "Try again" asks for it.
    """
    if way != "adopted" or by_hand:
        return True
    return not is_paid and bool(event_ids.get("more", {}).get("share_credit"))


def choose_plan(got: Received, number: NumberFacts | None) -> str:
    """The plan, from what was received and what Meta says of the number; never from the button pressed.

    A number that lives on the phone app must never be registered, so either sign of it is enough.
    """
    if got.event_kind in {"FINISH_GRANT_ONLY_API_ACCESS", APP_INSTALLED}:
        return "app_only"
    if got.has_solution:
        return "solution"
    if number is None:
        return "account_only"
    if number.is_preverified:
        return "preverified"
    if got.was_live:
        return "reconnect"
    if number.is_on_biz_app or got.event_kind == "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING":
        # History can be asked for within a day of the signup; a number that was shared long ago is only read.
        return "coexistence" if got.way in SIGNED_UP else "registered"
    if number.status == "CONNECTED" and number.platform_type == "CLOUD_API":
        return "registered"
    if number.code_verification_status in NEVER_VERIFIED:
        return "unverified"
    if is_from_meta(number.display_phone_number):
        return "virtual"
    return "from_provider" if got.plan_asked == "from_provider" else "standard"


def is_from_meta(display: str | None) -> bool:
    """Whether Meta gave the number away: it has the area code 555. (+1 555 010… is kept for examples, as ours are.)"""
    digits = "".join(letter for letter in display or "" if letter.isdigit())
    return digits.startswith("1555") and len(digits) == 11 and not digits.startswith("1555010")


def next_poll(wait: Wait, *, since: datetime, polls: int, now: datetime) -> datetime | None:
    """When to look again at what a step waits for; None when its patience has ended and a person decides.

    The first looks come quickly, later ones ever more slowly: each wait is half as long again as the one before.
    """
    until = since + wait.patience
    if now >= until:
        return None
    seconds = min(wait.first * 1.5 ** min(polls, 60), wait.slowest)
    return min(now + timedelta(seconds=seconds), until)


def moment_for_people(moment: datetime) -> str:
    """`28 November 2026, 14:05 UTC`: a time inside a sentence for staff."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def missing_scopes(scopes: Collection[str]) -> list[str]:
    """The WhatsApp permissions a token lacks, in alphabetical order."""
    return sorted(REQUIRED_SCOPES.difference(scopes))


def owns_account(waba_id: str, targets: Collection[str] | None) -> bool:
    """Whether a token reaches an account. No targets at all means every asset of its business ("Debug token")."""
    return targets is None or waba_id in targets


def says_word(text: str | None, word: str) -> bool:
    """Whether a message carries the one-time word, however it is capitalised and whatever stands around it."""
    if not text:
        return False
    words = "".join(letter if letter.isalnum() else " " for letter in text.upper()).split()
    return word.upper() in words


def state_of(
    plan: Plan,
    steps: Mapping[str, StepFacts],
    proofs: Collection[str],
    *,
    ended_because: str | None = None,
    paused: bool = False,
) -> str:
    """The one word for an onboarding: live and connected are read off proofs; asking to say hi is no trouble.

    A run that ended before its time is "replaced" or "removed" whatever it had reached, and one whose phone app is off
    for the moment is "paused".
    """
    if ended_because is not None:
        return ended_because
    if paused:
        return "paused"
    if plan.live and all(kind in proofs for kind in plan.proofs):
        return "live"
    troubled = [
        step
        for step in steps.values()
        if step.state in {REFUSED, NEEDS_US} or (step.state == NEEDS_CLIENT and step.name != "test")
    ]
    # Without its first step an onboarding can only be begun anew, unless the trouble is ours to mend.
    if any(step.name == plan.first and step.state != NEEDS_US for step in troubled):
        return "stopped"
    if troubled:
        return "needs_attention"
    if not plan.parked and all(kind in proofs for kind in plan.connected):
        return "connected"
    if any(step.state == WAITING for step in steps.values()):
        return "waiting"
    return "open"


def step_that_matters(plan: Plan, steps: Mapping[str, StepFacts]) -> str | None:
    """The step to look at: the first that needs somebody, else that moves or waits, else the first to come."""
    for wanted in (PARKED, {RUNNING, RETRYING}, {WAITING}, {NOT_STARTED}):
        for name in plan.steps:
            if steps[name].state in wanted:
                return name
    return None


def reached_at(kinds: Collection[str], proofs: Mapping[str, datetime]) -> datetime | None:
    """When the last of the wanted proofs was seen; None while one is missing."""
    if any(kind not in proofs for kind in kinds):
        return None
    return max(proofs[kind] for kind in kinds)
