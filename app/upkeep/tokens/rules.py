"""When a token is renewed, what follows a try, which new token may take an old one's place, and who is warned when.

Meta's pages: "System users: install apps, generate, refresh and revoke tokens" and "Debug token". Times of tokens are
Meta's own; only "is it time?" is asked of our clock, and nothing is called dead by it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

DAY: Final = timedelta(days=1)
STAGES: Final = (14, 7, 3, 1)  # days before the end at which people are warned
WAYS: Final = ("exchange", "fetch")
# A token not renewed by then is told of even where Meta only ever asked us to come back later.
WORRY: Final = timedelta(days=7)
# What is left at the latest when a token is renewed, and how long its life must be for all of that, or all the jitter.
SPARE: Final = 15 * DAY
MOST_JITTER: Final = timedelta(hours=12)
LONG_FOR_SPARE: Final = 2 * SPARE
LONG_FOR_JITTER: Final = 100 * MOST_JITTER
GIVE_UP_DEAD: Final = timedelta(days=30)
FIRST_AGAIN: Final = timedelta(minutes=5)
LONGEST_AGAIN: Final = timedelta(hours=6)

_NO_TIME = timedelta(0)

Verdict = Literal["planned", "renewed", "refused", "later", "dead", "gone"]


class Described(NamedTuple):
    """What `debug_token` says of a token. `targets` maps a scope to the ids it reaches; None means all of them."""

    is_valid: bool
    app_id: str | None
    scopes: frozenset[str]
    targets: Mapping[str, tuple[str, ...] | None]
    ends_at: datetime | None


class Next(NamedTuple):
    """What is written into a watch after a look."""

    state: str
    due_at: datetime | None
    failures: int


def renew_at(began_at: datetime, ends_at: datetime | None, *, from_day: int, key: str) -> datetime | None:
    """From when a token is renewed: its day 45 (as set), or with a fortnight or half its life left if that is before.

    None for one that never ends. Up to half a day later by its key, so that those made together are not due together;
    never so much later that the first warning could come before the first try.
    """
    if ends_at is None:
        return None
    life = max(ends_at - began_at, _NO_TIME)
    # Asked three times for each token renewed; dividing and stretching a span cost more than all the rest.
    spare = SPARE if life >= LONG_FOR_SPARE else life / 2
    jitter = MOST_JITTER if life >= LONG_FOR_JITTER else life / 100
    first = min(began_at + timedelta(from_day), ends_at - spare)
    return first + timedelta(seconds=jitter.total_seconds() * share_of(key))


def share_of(key: str) -> float:
    """A number from 0 up to 1 that is always the same for one key."""
    return int.from_bytes(hashlib.blake2s(key.encode(), digest_size=4).digest()) / 2**32


def again_after(failures: int, *, key: str, retry_after: int | None) -> timedelta:
    """How long to wait after so many tries in a row that Meta did not answer, or asked us to come back."""
    wait = min(FIRST_AGAIN * float(3 ** min(failures - 1, 6)), LONGEST_AGAIN)
    jittered = wait * (0.75 + 0.5 * share_of(f"{key}:{failures}"))
    return max(jittered, timedelta(seconds=retry_after or 0))


def stage_of(ends_at: datetime | None, now: datetime) -> int | None:
    """The nearest stage that has come: 14 until 7 days are left, and so on; None before that and after the end."""
    if ends_at is None or now >= ends_at:
        return None
    return min((stage for stage in STAGES if ends_at - now <= stage * DAY), default=None)


def next_stage_at(ends_at: datetime | None, now: datetime) -> datetime | None:
    """When the next stage comes; after the last it is the end itself."""
    if ends_at is None:
        return None
    times = [*(ends_at - stage * DAY for stage in STAGES), ends_at]
    return next((at for at in times if at > now), None)


def must_warn(state: str, failures: int, ends_at: datetime | None, now: datetime) -> bool:
    """Whether people hear that it ends: Meta renews it by no way, or has not managed to and the end is near."""
    if stage_of(ends_at, now) is None or ends_at is None:
        return False
    return state == "refused" or (failures > 0 and ends_at - now <= WORRY)


def goes_on(outcome: str, failures: int) -> bool:
    """Whether the next way is tried: always after a no, and after silence only when that has been so before."""
    return outcome not in ("busy", "lost") or failures >= 3


def plan(
    verdict: Verdict,
    *,
    state: str,
    failures: int,
    began_at: datetime,
    ends_at: datetime | None,
    dead_since: datetime | None,
    retry_after: int | None,
    from_day: int,
    key: str,
    now: datetime,
) -> Next:
    """The watch after a look; `began_at` and `ends_at` are those of the token that counts from now on."""
    if verdict == "gone":
        return Next("gone", None, 0)
    if verdict in ("planned", "renewed"):
        at = renew_at(began_at, ends_at, from_day=from_day, key=key)
        return Next("lasting" if at is None else "waiting", at if at is None else max(at, now), 0)
    failures += 1
    if verdict == "later":
        wait = now + again_after(failures, key=key, retry_after=retry_after)
        return Next("waiting" if state == "new" else state, _no_later_than_stage(wait, state, ends_at, now), failures)
    if verdict == "dead":
        # The client's portfolio may still hand out another token, so it is asked for one now and then.
        again = now + DAY if dead_since is None or now - dead_since < GIVE_UP_DEAD else None
        return Next("dead", again, failures)
    return Next("refused", _no_later_than_stage(now + DAY, "refused", ends_at, now), failures)


def fault_in(new: Described, old: Described, *, app_id: str) -> str | None:
    """Why a new token may not take the place of the old one; None where it may: same app, same reach, later end.

    Of an `old` one that is dead nobody can tell the end any more: whatever lives is better.
    """
    if not new.is_valid:
        return "invalid"
    if new.app_id != app_id:
        return "other_app"
    if not old.scopes <= new.scopes:
        return "other_scopes"
    if not all(_reaches(new.targets, scope, ids) for scope, ids in old.targets.items()):
        return "other_targets"
    if old.is_valid and not _is_later(new.ends_at, old.ends_at):
        return "not_later"
    return None


def _reaches(targets: Mapping[str, tuple[str, ...] | None], scope: str, ids: tuple[str, ...] | None) -> bool:
    if scope not in targets:
        return False
    reached = targets[scope]
    return reached is None or (ids is not None and set(ids) <= set(reached))


def _is_later(new: datetime | None, old: datetime | None) -> bool:
    if old is None:
        return False
    return new is None or new > old


def _no_later_than_stage(at: datetime, state: str, ends_at: datetime | None, now: datetime) -> datetime:
    """A day on which somebody is warned is not slept through."""
    stage = next_stage_at(ends_at, now) if state == "refused" else None
    return at if stage is None else min(at, stage)
