"""Makes businesses, accounts and numbers, and says who may see which of them."""

import random
import uuid

from sandbox.world.example_numbers import read_digits
from sandbox.world.ids import new_id
from sandbox.world.refusals import Refusal
from sandbox.world.state import Account, Business, Number
from sandbox.world.world import World


def add_business(world: World, name: str, *, country: str = "US", website: str = "", email: str = "") -> Business:
    """A new portfolio."""
    with world.lock:
        business = Business(new_id(16), name, country, website, email)
        world.records.businesses[business.id] = business
        return business


def read_verification(business: Business) -> str:
    """How far Meta's verification of a portfolio has come, in Meta's word."""
    return business.verification or ("verified" if business.verified else "not_verified")


def add_account(world: World, owner: Business, name: str, *, timezone_id: str = "1") -> Account:
    """A new account in ``owner``'s portfolio. Nobody else sees it until it is shared."""
    with world.lock:
        namespace = str(uuid.uuid4()).replace("-", "_")
        account = Account(
            new_id(15), name, owner.id, namespace, world.now(), timezone_id=timezone_id, country=owner.country
        )
        world.records.accounts[account.id] = account
        return account


def add_number(world: World, account: Account, digits: str, verified_name: str) -> Number:
    """A new number in ``account``: PENDING and NOT_VERIFIED, as ``POST /{WABA}/phone_numbers`` leaves it.

    Refuses (100) what is no phone number and (2388012) a number this account already has.
    """
    digits = read_digits(digits)
    if not 8 <= len(digits) <= 15:
        raise Refusal(100, "Invalid parameter", "The phone number is not valid.")
    with world.lock:
        for number_id in account.number_ids:
            if world.records.numbers[number_id].digits == digits:
                raise Refusal(100, "Invalid parameter", "The number is already in this account.", subcode=2388012)
        number = Number(new_id(15), digits, verified_name, world.now(), account_ids=[account.id])
        number.onboarded_at = world.now()
        world.records.numbers[number.id] = number
        account.number_ids.append(number.id)
        return number


def find_free_digits(world: World, ending: str = "10") -> str:
    """Digits nobody in this world has, with the wished ending (``example_numbers.EXAMPLES`` says what it means)."""
    while True:
        # No exchange begins with 0, so nobody has such a number; and area 555 is Meta's own.
        digits = f"1{random.randrange(201, 555)}0{random.randrange(10_000):04}{ending}"
        if find_number_by_digits(world, digits) is None:
            return digits


def list_numbers(world: World, account: Account) -> list[Number]:
    """The account's numbers, last onboarded first (the order of ``sort=last_onboarded_time_descending``)."""
    with world.lock:
        numbers = [world.records.numbers[number_id] for number_id in account.number_ids]
    return sorted(numbers, key=lambda number: number.onboarded_at, reverse=True)


def find_number_by_digits(world: World, digits: str) -> Number | None:
    """The number with these digits, the last onboarded if several accounts have it."""
    digits = read_digits(digits)
    with world.lock:
        found = [number for number in world.records.numbers.values() if number.digits == digits]
    return max(found, key=lambda number: number.onboarded_at, default=None)


def take_out(world: World, number: Number, account_id: str | None = None) -> bool:
    """Takes the number out of one account, or of all. Where it has none left it is gone. True if anything changed."""
    with world.lock:
        leaving = [number_of for number_of in number.account_ids if account_id in (None, number_of)]
        for leaves in leaving:
            world.records.accounts[leaves].number_ids.remove(number.id)
        kept = [stays for stays in number.account_ids if stays not in leaving]
        if kept:
            number.account_ids = kept
        else:
            # Whoever holds the record still (an open window, a message) finds the account it was in.
            world.records.numbers.pop(number.id, None)
        return bool(leaving)


def list_owned_accounts(world: World, business_id: str) -> list[Account]:
    """Accounts that belong to the portfolio."""
    with world.lock:
        return [account for account in world.records.accounts.values() if account.owner_business_id == business_id]


def list_shared_accounts(world: World, business_id: str) -> list[Account]:
    """Accounts of others that are shared with the portfolio ("client accounts")."""
    with world.lock:
        return [account for account in world.records.accounts.values() if business_id in account.shared_with]


def main_account(world: World, number: Number) -> Account:
    """The account a number belongs to; the newest one where it is linked to several."""
    return world.records.accounts[number.account_ids[-1]]
