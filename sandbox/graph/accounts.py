"""Accounts: the node, their numbers, and a portfolio's lists of them."""

from typing import Any

from sandbox.graph.account_fields import ACCOUNT
from sandbox.graph.auth import reaches_account, reaches_business
from sandbox.graph.doors import Call, Reply, door, node_of
from sandbox.graph.errors import invalid, missing, no_such_object
from sandbox.graph.number_fields import NUMBER
from sandbox.graph.paging import page_of
from sandbox.graph.params import structure, text
from sandbox.world.accounts import (
    add_number,
    list_numbers,
    list_owned_accounts,
    list_shared_accounts,
    read_verification,
)
from sandbox.world.state import Account, Business, Number


def reach_account(call: Call) -> Account:
    """The call's account, if it exists for the call's token. Refuses (100/33) otherwise."""
    account = node_of(call, Account)
    if not reaches_account(call.world, call.bearer, account):
        raise no_such_object(account.id, call.method)
    return account


def reach_business(call: Call) -> Business:
    """The call's portfolio, if it exists for the call's token."""
    business = node_of(call, Business)
    if not reaches_business(call.world, call.bearer, business.id):
        raise no_such_object(business.id, call.method)
    return business


@door("GET account")
def get_account(call: Call) -> Reply:
    """The account with the fields asked for."""
    return ACCOUNT.show(call, reach_account(call))


@door("GET account/phone_numbers")
def list_account_numbers(call: Call) -> Reply:
    """The account's numbers, with ``fields``, ``sort``, ``filtering`` and paging."""
    account = reach_account(call)
    numbers = list_numbers(call.world, account)
    if numbers and call.runtime.faults.lag.hides("phone_numbers", account.id):
        numbers = []
    sort = text(call.params, "sort")
    if sort == "last_onboarded_time_ascending":
        numbers.reverse()
    elif sort not in (None, "last_onboarded_time_descending"):
        raise invalid("sort is not supported.")
    wanted = NUMBER.wanted(call)
    chosen = [number for number in numbers if _passes(call, number)]
    return page_of(call, chosen, lambda number: number.id, lambda number: NUMBER.pick(call, number, wanted))


@door("POST account/phone_numbers")
def add_account_number(call: Call) -> Reply:
    """A new number: PENDING, to be verified by a one-time code and then registered."""
    account = reach_account(call)
    for name in ("cc", "phone_number", "verified_name"):
        if text(call.params, name) is None:
            raise missing(name)
    call.attempt("number_added", account.id)
    digits = f"{text(call.params, 'cc')}{text(call.params, 'phone_number')}"
    number = add_number(call.world, account, digits, text(call.params, "verified_name") or "")
    call.note("number_added")
    return {"id": number.id}


@door("GET business/client_whatsapp_business_accounts")
def list_client_accounts(call: Call) -> Reply:
    """Accounts others shared with the portfolio."""
    return _page_accounts(call, list_shared_accounts(call.world, reach_business(call).id))


@door("GET business/owned_whatsapp_business_accounts")
def list_own_accounts(call: Call) -> Reply:
    """Accounts the portfolio owns."""
    return _page_accounts(call, list_owned_accounts(call.world, reach_business(call).id))


@door("GET business")
def get_business(call: Call) -> Reply:
    """A portfolio's name and verification."""
    business = reach_business(call)
    return {"name": business.name, "verification_status": read_verification(business), "id": business.id}


def _page_accounts(call: Call, accounts: list[Account]) -> Reply:
    """Only what the token reaches; an employee sees the accounts it is assigned to."""
    reached = [account for account in accounts if reaches_account(call.world, call.bearer, account)]
    reached = [account for account in reached if _account_passes(call, account)]
    descending = text(call.params, "sort") != "creation_time_ascending"
    reached.sort(key=lambda account: account.created_at, reverse=descending)
    wanted = ACCOUNT.wanted(call)
    return page_of(call, reached, lambda account: account.id, lambda account: ACCOUNT.pick(call, account, wanted))


def _filters(call: Call) -> list[dict[str, Any]]:
    filters = structure(call.params, "filtering")
    if filters is None and "filtering" not in call.params:
        return []
    if not isinstance(filters, list) or not all(isinstance(row, dict) and "field" in row for row in filters):
        raise invalid("filtering must be a list of {field, operator, value}.")
    return filters


def _passes(call: Call, number: Number) -> bool:
    for row in _filters(call):
        reader = NUMBER.get(str(row["field"]))
        if reader is None or row.get("operator") != "EQUAL":
            raise invalid("This filter is not supported.")
        if str(reader(call, number)) != str(row.get("value")):
            return False
    return True


def _account_passes(call: Call, account: Account) -> bool:
    for row in _filters(call):
        if row["field"] == "partners" and row.get("operator") == "ALL" and isinstance(row.get("value"), list):
            if not account.shared_with.issuperset(map(str, row["value"])):
                return False
            continue
        if row["field"] != "creation_time" or row.get("operator") not in ("GREATER_THAN", "LESS_THAN"):
            raise invalid("This filter is not supported.")
        limit = float(row.get("value", 0))
        newer = account.created_at > limit
        if newer != (row["operator"] == "GREATER_THAN"):
            return False
    return True
