"""Which accounts and numbers a signup brought: decisions on what Meta shows, without session or call."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.meta.numbers import Number

# A number taken into an account within this time before the code came belongs to the same visit of Meta's window.
ONE_VISIT = timedelta(hours=1)


def choose_accounts(told: Sequence[str], targets: Sequence[str] | None, held: Collection[str]) -> list[str]:
    """The accounts to bring aboard, the one that matters most first.

    `told` are those the window named. When it stayed silent the token's own targets are used (newest first): the
    newest is what the client has just finished, and those we do not hold yet came with it.
    """
    if told:
        return list(dict.fromkeys(told))
    return [*(targets or ())[:1], *(target for target in (targets or ())[1:] if target not in held)]


def choose_numbers(
    numbers: Sequence[Number], named: str | None, held: Collection[str], *, begun_at: datetime, whole: bool = False
) -> list[Number]:
    """The numbers of one account to bring aboard: the one the window named, else the one onboarded last (Meta lists it
    first), and those that were taken into the account in the same visit and are not ours yet. Empty while the named one
    is not listed.

    `whole`: nobody picked a number in a window, so the whole account comes: every number that is not ours yet, or the
    newest again when all are. Whoever names one even so means that one alone.
    """
    if whole and named is None:
        return [number for number in numbers if number.id not in held] or list(numbers[:1])
    if whole:
        return [number for number in numbers if number.id == named]
    first = next((number for number in numbers if named in (None, number.id)), None)
    if first is None:
        return []
    others = [number for number in numbers if number.id != first.id and number.id not in held]
    return [first, *(number for number in others if _came_with(number, begun_at))]


def _came_with(number: Number, begun_at: datetime) -> bool:
    if number.last_onboarded_time is None:
        return False
    try:
        at = datetime.strptime(number.last_onboarded_time, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return False
    return at >= begun_at - ONE_VISIT
