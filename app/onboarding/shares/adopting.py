"""Taking over accounts that were shared with us before: decisions on what Meta and our own ledger show. Pure.

Adopting is a new signup's steps without the window: what is there already is found and left alone. So a plan is known
beforehand, and staff see what each step would change at Meta before anything is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.meta.accounts import Account
from app.meta.numbers import Number
from app.onboarding.plans import ADOPTED
from app.onboarding.rules import NumberFacts, Received, choose_plan

Funding = Literal["ours", "other", "nobody", "unknown"]
Verdict = Literal["free", "returns", "new_numbers", "held", "under_way"]
ADOPTABLE: Final = frozenset({"free", "returns", "new_numbers"})


@dataclass(frozen=True)
class Holder:
    """Who has an account with us. `state`: held, under_way (its first step is not done), ended (all its runs are over).

    `numbers` are those of its numbers that have a run which still counts.
    """

    state: Literal["held", "under_way", "ended"]
    client_id: str
    client_name: str
    reference: str
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offer:
    """A shared account as it stands. `subscribed`: our app hears it; None where Meta was not asked or did not say."""

    account: Account
    numbers: tuple[Number, ...]
    more_numbers: bool
    subscribed: bool | None
    funding: Funding
    holder: Holder | None

    @property
    def waba_id(self) -> str:
        return self.account.id

    @property
    def new_numbers(self) -> tuple[Number, ...]:
        """The numbers no run of ours has yet."""
        held = self.holder.numbers if self.holder else frozenset()
        return tuple(number for number in self.numbers if number.id not in held)

    @property
    def verdict(self) -> Verdict:
        """Whether there is anything to adopt, and why not."""
        if self.holder is None:
            return "free"
        if self.holder.state == "under_way":
            return "under_way"
        if self.holder.state == "ended":
            return "returns"
        return "new_numbers" if self.new_numbers else "held"


@dataclass(frozen=True)
class Planned:
    """One step that adopting would take; `changes` says whether it would change anything at Meta."""

    step: str
    words: str
    changes: bool
    number: str | None = None


def will_pay(offer: Offer, *, share_credit: bool, has_line: bool) -> bool:
    """Whether the credit step is part of it: our line pays already, or staff want it to and nobody does."""
    if not has_line:
        return False
    return offer.funding == "ours" or (share_credit and offer.funding in {"nobody", "unknown"})


def plan_adoption(offer: Offer, *, share_credit: bool, has_line: bool) -> tuple[Planned, ...]:
    """What adopting would do, in order; empty when there is nothing to adopt."""
    if offer.verdict not in ADOPTABLE:
        return ()
    return (
        Planned(
            "fetch", "Ask Meta for the token that the client’s portfolio gave our app; nothing is made anew.", False
        ),
        _subscribe(offer),
        *_credit(offer, share_credit=share_credit, has_line=has_line),
        *_numbers(offer.new_numbers),
    )


def _subscribe(offer: Offer) -> Planned:
    if offer.subscribed:
        return Planned("subscribe", "Our app hears this account already.", False)
    if offer.subscribed is None:
        return Planned("subscribe", "Subscribe our app, unless it hears this account already.", True)
    return Planned("subscribe", "Subscribe our app to this account.", True)


def _credit(offer: Offer, *, share_credit: bool, has_line: bool) -> tuple[Planned, ...]:
    if not has_line:
        return ()
    if offer.funding == "ours":
        return (Planned("credit", "Our credit line pays already; that is read back.", False),)
    if offer.funding == "other":
        return (Planned("credit", "Left out: something else pays for this account.", False),)
    if not share_credit:
        return (Planned("credit", "Left out: sharing our credit line was not asked for.", False),)
    return (Planned("credit", "Share our credit line with the client’s portfolio and attach it.", True),)


def _numbers(numbers: Sequence[Number]) -> tuple[Planned, ...]:
    if not numbers:
        return (Planned("register", "The account has no number yet; one comes with a signup.", False),)
    return tuple(_number(number) for number in numbers)


def _number(number: Number) -> Planned:
    shown = number.display_phone_number or number.id
    match plan_of_number(number):
        case "registered":
            return Planned("confirm", "It is connected; nothing is registered.", False, shown)
        case "unverified":
            return Planned("verify", "The client confirms it with a code; then it will be registered.", True, shown)
        case "preverified":
            return Planned("register", "Of our own pool of numbers: a person carries it on.", False, shown)
    return Planned(
        "register", f"It is {(number.status or 'not connected').lower()}, and will be registered.", True, shown
    )


def plan_of_number(number: Number) -> str:
    """The plan an adopted number will have, by the rule every signup uses."""
    facts = NumberFacts(
        status=number.status,
        platform_type=number.platform_type,
        code_verification_status=number.code_verification_status,
        is_on_biz_app=number.is_on_biz_app,
        is_preverified=number.is_preverified_number,
        display_phone_number=number.display_phone_number,
    )
    return choose_plan(Received(way=ADOPTED), facts)
