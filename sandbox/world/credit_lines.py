"""Shares the partner's credit line with a customer's portfolio and hangs accounts on it.

An allocation belongs to a portfolio: ending it takes the payment method from every account of that customer.
"""

from sandbox.world.ids import new_id
from sandbox.world.refusals import Refusal
from sandbox.world.state import Account, Allocation, CreditLine
from sandbox.world.world import World

CURRENCIES = frozenset({"AUD", "EUR", "GBP", "IDR", "INR", "USD", "BRL", "MXN"})


def share(world: World, line: CreditLine, business_id: str) -> tuple[Allocation, bool]:
    """The live allocation of ``line`` to the portfolio, and whether this call made it."""
    with world.lock:
        if business_id not in world.records.businesses:
            raise Refusal(100, "Invalid parameter", "receiving_business_id is not a business.")
        existing = find_allocation(world, line, business_id)
        if existing is not None:
            return existing, False
        allocation = Allocation(new_id(14), line.id, business_id, new_id(16))
        world.records.allocations[allocation.id] = allocation
        return allocation, True


def attach(world: World, line: CreditLine, account: Account, currency: str | None) -> tuple[Allocation, bool]:
    """Hangs the account on the portfolio's allocation and sets its funding. False if it already hung there.

    Refuses (100): a currency that is not supported, an account that pays another way, a line that was not shared.
    """
    with world.lock:
        if currency not in CURRENCIES:
            raise Refusal(100, "Invalid parameter", "waba_currency is not supported.")
        allocation = find_allocation(world, line, account.owner_business_id)
        if account.attached_elsewhere or (account.allocation_id and _is_foreign(world, account, line)):
            raise Refusal(100, "Invalid parameter", "The account is attached to another credit line.")
        if allocation is None:
            raise Refusal(100, "Invalid parameter", "The credit line is not shared with the account's business.")
        if account.allocation_id == allocation.id and account.currency == currency:
            return allocation, False
        if account.currency is not None and account.currency != currency:
            raise Refusal(100, "Invalid parameter", "The account already has another currency.")
        account.allocation_id = allocation.id
        account.currency = currency
        account.primary_funding_id = allocation.credential_id
        return allocation, True


def revoke(world: World, allocation: Allocation) -> bool:
    """Ends the allocation; every account on it loses its payment method. True if it was alive."""
    with world.lock:
        if allocation.status == "DELETED":
            return False
        allocation.status = "DELETED"
        for account in world.records.accounts.values():
            if account.allocation_id == allocation.id:
                account.allocation_id = None
                account.primary_funding_id = None
        return True


def list_allocations(world: World, line: CreditLine, business_id: str | None = None) -> list[Allocation]:
    """The line's live allocations, of one receiving portfolio if given."""
    return [
        allocation
        for allocation in list(world.records.allocations.values())
        if allocation.credit_line_id == line.id
        and allocation.status == "ACTIVE"
        and business_id in (None, allocation.receiving_business_id)
    ]


def find_allocation(world: World, line: CreditLine, business_id: str) -> Allocation | None:
    """The live allocation of the line to that portfolio."""
    return next(iter(list_allocations(world, line, business_id)), None)


def _is_foreign(world: World, account: Account, line: CreditLine) -> bool:
    allocation = world.records.allocations.get(account.allocation_id or "")
    return allocation is not None and allocation.credit_line_id != line.id
