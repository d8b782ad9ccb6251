"""The heart of every first step: what is this token, and whose are these ids?

Whoever names ids is believed nothing until the token proves them: each account must be among its targets (or be
readable with it where Meta names no targets), each number must be in its account's own list. What belongs together is
then written down at once: the onboarding's ids and plan, the token under its account, and a sibling for every further
number the same signup brought.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.credentials.vault import OpenCredential
from app.kit import clock
from app.kit.secret import Secret
from app.meta.accounts import Account
from app.meta.errors import PermissionMissing, TokenDead
from app.meta.numbers import Number
from app.meta.oauth import Inspection
from app.onboarding import rules
from app.onboarding.arrivals import siblings
from app.onboarding.arrivals.choosing import choose_accounts, choose_numbers
from app.onboarding.arrivals.siblings import Found, Taken
from app.onboarding.ledger.outcomes import Done, Outcome, Waiting
from app.onboarding.ledger.troubles import needs_client, needs_us
from app.onboarding.ledger.walk import Walk
from app.onboarding.plans import BY_HAND, OF_LONG_STANDING, PLANS
from app.onboarding.rules import SHARE_KINDS
from app.onboarding.shares import hosted
from app.onboarding.window.events import EndEvent, stored_event

# The end events after which there may be no number, and none is waited for.
WITHOUT_NUMBER = frozenset({"FINISH_ONLY_WABA", "FINISH_GRANT_ONLY_API_ACCESS"})
# A number just made may be missing from Meta's list for some seconds.
PATIENCE_FOR_LIST = timedelta(minutes=10)

Read = tuple[Account, tuple[Number, ...]]


@dataclass(frozen=True)
class _Told:
    """What was named from outside, nothing of it proven."""

    kind: str | None
    accounts: tuple[str, ...]
    number: str | None
    had_numbers: bool = False


def identify(walk: Walk, held: OpenCredential) -> Outcome:
    """Prove the ids by the token, choose the plan, and write everything down that the later steps need."""
    told = _told(walk)
    token = held.secret
    if told.accounts:
        # The questions do not depend on one another; an account that is not the token's cannot be read with it.
        first, inspection = walk.both(
            lambda: _read(walk, token, told.accounts[0]), lambda: walk.meta.oauth.inspect(token)
        )
    else:
        first, inspection = None, walk.meta.oauth.inspect(token)
    refusal = _judge(walk, inspection, told.accounts)
    if refusal is not None:
        return refusal
    ours = siblings.held_by(walk)
    wanted = choose_accounts(told.accounts, inspection.waba_targets(), ours.accounts)
    if not wanted:
        return needs_client("no_account_shared")
    reads = [first or _read(walk, token, wanted[0]), *(_read(walk, token, waba_id) for waba_id in wanted[1:])]

    standing = walk.facts.way in OF_LONG_STANDING
    found: list[Found] = []
    for place, read in enumerate(reads):
        if isinstance(read, TokenDead):
            # The client has taken back meanwhile what was given in the window.
            return needs_client("token_not_valid")
        if isinstance(read, PermissionMissing):
            return needs_client("ids_not_of_token")
        account, numbers = read
        named = told.number if place == 0 else None
        chosen = choose_numbers(numbers, named, ours.numbers, begun_at=walk.facts.begun_at, whole=standing)
        found += [Found(account, number) for number in chosen] or [Found(account, None)]
    if found[0].number is None and told.kind not in WITHOUT_NUMBER:
        late = _no_number(walk, told.number)
        # An account that was shared long ago may well have no number; one that staff typed may have got it just now,
        # and where numbers were seen before adopting, they are only missing from this list.
        if standing and told.number is None:
            if (walk.facts.way == BY_HAND or told.had_numbers) and isinstance(late, Waiting):
                return late
        elif isinstance(late, Waiting) or told.number or all(one.number is None for one in found):
            return late
        # Nobody said which account matters, and the newest has no number after all: one with a number leads.
        found.sort(key=lambda one: one.number is None)
    if standing:
        # Nobody clicked anything, so nobody but us can have mixed up two clients.
        other = siblings.other_client(walk, [one.account.id for one in found])
        if other is not None:
            return needs_us("account_of_other_client", client=other)
    return _keep(walk, held, inspection, found)


def _told(walk: Walk) -> _Told:
    event = stored_event(walk.facts.event_ids) if walk.facts.event_ids else None
    if event is None or (event.outcome != "finished" and event.kind not in SHARE_KINDS):
        return _Told(walk.facts.event_kind, (), event.phone_number_id if event else None)
    return _Told(event.kind, _accounts_of(event), event.phone_number_id, bool(event.more.get("numbers")))


def _accounts_of(event: EndEvent) -> tuple[str, ...]:
    """The account the window names first is the one its number is in."""
    return tuple(dict.fromkeys([*([event.waba_id] if event.waba_id else []), *event.more.get("waba_ids", [])]))


def _read(walk: Walk, token: Secret, waba_id: str) -> Read | PermissionMissing | TokenDead:
    """The account and its numbers, or Meta's word that this token may not see them: an answer, not a failure."""
    try:
        return walk.both(
            lambda: walk.meta.accounts.get(waba_id, token), lambda: walk.meta.numbers.list_of(waba_id, token)
        )
    except (PermissionMissing, TokenDead) as refused:
        return refused


def _judge(walk: Walk, inspection: Inspection, accounts: tuple[str, ...]) -> Outcome | None:
    """What is wrong with the token itself; None when it is good."""
    if not inspection.is_valid:
        return needs_client("token_not_valid")
    if inspection.app_id != walk.settings.meta_app_id:
        return needs_us("token_of_other_app")
    missing = rules.missing_scopes(inspection.scopes)
    if missing:
        return needs_us("scopes_missing", missing=", ".join(missing))
    if not all(rules.owns_account(waba_id, inspection.waba_targets()) for waba_id in accounts):
        return needs_client("ids_not_of_token")
    return None


def _no_number(walk: Walk, named: str | None) -> Outcome:
    if clock.now() - walk.facts.begun_at < PATIENCE_FOR_LIST:
        return Waiting("number_listed")
    return needs_client("ids_not_of_token" if named else "no_number")


def _keep(walk: Walk, held: OpenCredential, inspection: Inspection, found: list[Found]) -> Outcome:
    taken = Taken(held, inspection, tuple(found))
    plan, also = walk.write(lambda session, now: siblings.take(session, walk, taken, now=now))
    # On its own, and only after everything is kept: it locks runs that somebody else may hold.
    walk.note(lambda session, now: siblings.replace_earlier(session, walk.facts.onboarding_id, now=now))
    walk.note(lambda session, now: hosted.replace_waiting(session, walk.facts.onboarding_id, now=now))
    if also:
        walk.rt.wakes.ring("onboardings")
    seen = {
        "plan": plan,
        "scopes": sorted(inspection.scopes),
        "account": found[0].account.name,
        "number": found[0].number.id if found[0].number else None,
        **({"also": also} if also else {}),
    }
    if PLANS[plan].parked:
        return needs_us(f"parked_{plan}", seen)
    ends = inspection.expires_at.isoformat() if inspection.expires_at else None
    return Done(seen, {"token_valid": {"expires_at": ends}})
