"""Looking at what others share with our portfolio: Meta's list, and per account whether we hear it and who pays.

Reading only, with our own system token, side by side, and never longer than the caller allows: what Meta has not said
by then is shown as unknown. No transaction is open meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

from app.kit import clock
from app.kit.errors import AppError, Conflict, Unavailable
from app.meta.catalogue import explain
from app.meta.errors import MetaError, PermissionMissing, TokenDead
from app.meta.sharing import SharedAccount
from app.onboarding.shares.adopting import Funding, Offer
from app.onboarding.shares.holders import holders_of
from app.runtime import Runtime

T = TypeVar("T")

SIDE_BY_SIDE: Final = 8
META_PAGE: Final = 25
ENOUGH: Final = 25
NOT_SHARED, NOT_READ, OWN, NO_TOKEN = "not_shared", "not_read", "own", "no_token"


@dataclass(frozen=True)
class SharedList:
    """One page; `after` continues it. `in_time` is False where the time was over before the page was full."""

    offers: tuple[Offer, ...]
    after: str | None
    in_time: bool


def list_shared(rt: Runtime, *, after: str | None = None, held_too: bool = False, seconds: float = 8.0) -> SharedList:
    """The shared accounts there is something to do about, or with `held_too` all of them: 25 or a few more.

    Meta lists held and free ones mixed, so its pages are read on until enough are found or two thirds of the time are
    spent; the rest is for looking at each. Raises `Unavailable` and `Conflict` with the catalogue's words.
    """
    begun = clock.monotonic()
    found: list[Offer] = []
    while True:
        with _in_words():
            page = rt.meta.sharing.accounts(
                rt.settings.meta_business_id, rt.partner_token(), after=after, limit=META_PAGE
            )
        offers = _with_holders(rt, page.accounts)
        found += [offer for offer in offers if held_too or offer.verdict != "held"]
        after = page.after
        spent = clock.monotonic() - begun
        if after is None or len(found) >= ENOUGH or spent > seconds * 2 / 3:
            break
    in_time = after is None or len(found) >= ENOUGH
    return SharedList(_looked_at(rt, found, seconds=max(seconds - spent, 1.0)), after, in_time)


def look_at(rt: Runtime, waba_ids: Sequence[str], *, seconds: float = 20.0) -> Mapping[str, Offer | str]:
    """Each of these accounts as Meta shows it now, or why there is none.

    The reasons: not_shared, own (of our own portfolio), not_read (no answer in time), no_token (ours is not accepted).
    """
    begun = clock.monotonic()
    wanted = list(dict.fromkeys(waba_ids))
    read = _side_by_side([partial(_read, rt, waba_id) for waba_id in wanted], seconds=seconds * 2 / 3)
    shared = [one for one in read if isinstance(one, SharedAccount)]
    spent = clock.monotonic() - begun
    offers = _looked_at(rt, _with_holders(rt, shared), seconds=max(seconds - spent, 1.0))
    by_id: dict[str, Offer | str] = {offer.waba_id: offer for offer in offers}
    for waba_id, one in zip(wanted, read, strict=True):
        by_id.setdefault(waba_id, one if isinstance(one, str) else NOT_READ)
    return by_id


def _read(rt: Runtime, waba_id: str) -> SharedAccount | str:
    try:
        account = rt.meta.accounts.get(waba_id, rt.partner_token())
        if account.owner_business_id == rt.settings.meta_business_id:
            return OWN
        return SharedAccount(account, rt.meta.numbers.list_of(waba_id, rt.partner_token()))
    except TokenDead:
        return NO_TOKEN
    except PermissionMissing:
        return NOT_SHARED
    except MetaError as refused:
        # A number's or a portfolio's id is refused with a plain 100: it is no account, so it is not shared either.
        return NOT_READ if refused.retryable else NOT_SHARED


def _with_holders(rt: Runtime, accounts: Iterable[SharedAccount]) -> list[Offer]:
    shared = list(accounts)
    with rt.db.read() as session:
        holders = holders_of(session, [one.account.id for one in shared], now=clock.now())
    has_line = bool(rt.settings.meta_credit_line_id)
    return [
        Offer(
            account=one.account,
            numbers=one.numbers,
            more_numbers=one.more_numbers,
            subscribed=None,
            funding=_first_guess(one.account.primary_funding_id, has_line=has_line),
            holder=holders.get(one.account.id),
        )
        for one in shared
    ]


def _first_guess(funding_id: str | None, *, has_line: bool) -> Funding:
    """What the account alone says of who pays; whether it is our line only the line's allocations tell."""
    if funding_id is None:
        return "nobody"
    return "unknown" if has_line else "other"


def _looked_at(rt: Runtime, offers: Sequence[Offer], *, seconds: float) -> tuple[Offer, ...]:
    """The offers with what only further calls tell, as far as the time goes."""
    hears: list[Callable[[], bool]] = [partial(_hears, rt, offer.waba_id) for offer in offers]
    pays: list[Callable[[], Funding]] = [partial(_who_pays, rt, offer) for offer in offers]
    answers: list[Any] = _side_by_side([*hears, *pays], seconds=seconds)
    heard, paid = answers[: len(offers)], answers[len(offers) :]
    return tuple(
        replace(
            offer,
            subscribed=is_heard if isinstance(is_heard, bool) else None,
            funding=payer or offer.funding,
        )
        for offer, is_heard, payer in zip(offers, heard, paid, strict=True)
    )


def _hears(rt: Runtime, waba_id: str) -> bool:
    apps = rt.meta.accounts.subscribed_apps(waba_id, rt.partner_token())
    return any(app.id == rt.settings.meta_app_id for app in apps)


def _who_pays(rt: Runtime, offer: Offer) -> Funding:
    funding, owner = offer.account.primary_funding_id, offer.account.owner_business_id
    if offer.funding != "unknown" or owner is None:
        return offer.funding
    lines, line = rt.meta.credit_lines, rt.settings.meta_credit_line_id
    for allocation in lines.allocations_for(line, rt.partner_token(), receiving_business_id=owner):
        if lines.receiving_credential_id(allocation.id, rt.partner_token()) == funding:
            return "ours"
    return "other"


def _side_by_side(asks: Sequence[Callable[[], T]], *, seconds: float) -> list[T | None]:
    """The answers in the order of the questions; None for what failed or was not answered in time."""
    pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="look")
    try:
        futures: list[Future[T]] = [pool.submit(ask) for ask in asks]
        wait(futures, timeout=seconds)
        return [_answer(future) for future in futures]
    finally:
        # Who is still asking ends with the transport's own timeout, and nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)


def _answer(future: "Future[T]") -> T | None:
    if not future.done() or future.cancelled():
        return None
    failure = future.exception()
    if failure is not None and not isinstance(failure, MetaError):
        raise failure
    return future.result() if failure is None else None


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn Meta's refusal of our own system token's call into an error with the catalogue's words."""
    try:
        yield
    except MetaError as refused:
        raise refusal_in_words(refused) from None


def refusal_in_words(refused: MetaError) -> AppError:
    """What to tell whoever asked for something that our own system token was refused."""
    row = explain(refused, "fetch" if isinstance(refused, TokenDead) else None)
    words = f"{row.meaning} {row.do}"
    return Unavailable(words, code=row.key) if refused.retryable else Conflict(words, code=row.key)
