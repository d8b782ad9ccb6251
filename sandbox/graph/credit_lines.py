"""The partner's credit line: shared with a customer's portfolio, hung on an account, read back, taken back."""

from typing import Any

from sandbox.graph.accounts import reach_business
from sandbox.graph.auth import is_shared_with, reaches_account
from sandbox.graph.doors import SUCCESS, Call, Reply, door, node_of
from sandbox.graph.errors import invalid, missing, no_permission, no_such_object
from sandbox.graph.fields import NodeView
from sandbox.graph.paging import page_of
from sandbox.graph.params import text
from sandbox.world.credit_lines import attach, list_allocations, revoke, share
from sandbox.world.state import Account, Allocation, CreditLine, TokenKind


def _receiver(call: Call, allocation: Allocation) -> dict[str, str]:
    business = call.world.records.businesses[allocation.receiving_business_id]
    return {"name": business.name, "id": business.id}


LINE: NodeView[CreditLine] = NodeView(
    "ExtendedCredit",
    ("id", "legal_entity_name"),
    {"id": lambda _, line: line.id, "legal_entity_name": lambda _, line: line.legal_entity_name},
)

ALLOCATION: NodeView[Allocation] = NodeView(
    "ExtendedCreditAllocationConfig",
    ("id", "receiving_business"),
    {
        "id": lambda _, allocation: allocation.id,
        "receiving_business": _receiver,
        "receiving_credential": lambda _, allocation: {"id": allocation.credential_id},
        "request_status": lambda _, allocation: "DELETED" if allocation.status == "DELETED" else "APPROVED",
    },
)


@door("GET business/extendedcredits")
def list_lines(call: Call) -> Reply:
    """The portfolio's credit lines."""
    business = reach_business(call)
    every = call.world.records.credit_lines.values()
    lines = [line for line in every if line.business_id == business.id and not line.removed]
    wanted = LINE.wanted(call)
    return page_of(call, lines, lambda line: line.id, lambda line: LINE.pick(call, line, wanted))


@door("GET credit_line")
def get_line(call: Call) -> Reply:
    """One credit line."""
    return LINE.show(call, _own_line(call))


@door("POST credit_line/whatsapp_credit_sharing_and_attach")
def share_and_attach(call: Call) -> Reply:
    """Shares with the account's owner and attaches the account, in one call."""
    line, account = _own_line(call), _read_account(call)
    _require_finance(call)
    _require_assigned(call, account)
    call.attempt("credit_attached", account.id)
    allocation, is_shared_now = share(call.world, line, account.owner_business_id)
    try:
        allocation, is_attached_now = attach(call.world, line, account, text(call.params, "waba_currency"))
    except Exception:
        if is_shared_now:
            del call.world.records.allocations[allocation.id]
        raise
    if is_attached_now:
        call.note("credit_attached")
    return {"allocation_config_id": allocation.id, "waba_id": account.id}


@door("POST credit_line/whatsapp_credit_sharing")
def share_line(call: Call) -> Reply:
    """First of two calls: shares the line with a customer's portfolio."""
    line = _own_line(call)
    _require_finance(call)
    business_id = text(call.params, "receiving_business_id")
    if business_id is None:
        raise missing("receiving_business_id")
    call.attempt("credit_shared", business_id)
    allocation, is_new = share(call.world, line, business_id)
    if is_new:
        call.note("credit_shared")
    return {"success": True, "allocation_config_id": allocation.id}


@door("POST credit_line/whatsapp_credit_attach")
def attach_account(call: Call) -> Reply:
    """Second of two calls, with the customer's token: hangs the account on the shared line."""
    line, account = node_of(call, CreditLine), _read_account(call)
    if not reaches_account(call.world, call.bearer, account):
        raise no_permission("The token does not reach this account.")
    call.attempt("credit_attached", account.id)
    allocation, is_new = attach(call.world, line, account, text(call.params, "waba_currency"))
    if is_new:
        call.note("credit_attached")
    return {"success": True, "waba_id": account.id, "allocation_config_id": allocation.id}


@door("GET credit_line/owning_credit_allocation_configs")
def list_line_allocations(call: Call) -> Reply:
    """The line's live allocations, of one receiving portfolio if asked."""
    allocations = list_allocations(call.world, _own_line(call), text(call.params, "receiving_business_id"))
    wanted = ALLOCATION.wanted(call)
    return page_of(call, allocations, lambda row: row.id, lambda row: ALLOCATION.pick(call, row, wanted))


@door("GET allocation")
def get_allocation(call: Call) -> Reply:
    """One allocation, also after it was deleted."""
    return ALLOCATION.show(call, _own_allocation(call))


@door("DELETE allocation")
def delete_allocation(call: Call) -> Reply:
    """Takes the line back from all of a customer's accounts."""
    allocation = _own_allocation(call)
    _require_finance(call)
    call.attempt("credit_revoked", allocation.id)
    if revoke(call.world, allocation):
        call.note("credit_revoked")
    return SUCCESS


def _own_line(call: Call) -> CreditLine:
    line = node_of(call, CreditLine)
    if call.bearer.kind != TokenKind.SYSTEM or line.business_id != call.bearer.business_id:
        raise no_such_object(line.id, call.method)
    return line


def _own_allocation(call: Call) -> Allocation:
    allocation = node_of(call, Allocation)
    line: Any = call.world.records.credit_lines.get(allocation.credit_line_id)
    if line is None or line.business_id != call.bearer.business_id:
        raise no_such_object(allocation.id, call.method)
    return allocation


def _read_account(call: Call) -> Account:
    account_id = text(call.params, "waba_id")
    if account_id is None:
        raise missing("waba_id")
    account = call.world.records.accounts.get(account_id)
    if account is None or call.app.business_id not in account.shared_with:
        raise invalid("The account is not shared with the owner of the credit line.")
    return account


def _require_finance(call: Call) -> None:
    user = call.world.records.system_users.get(call.bearer.user_id)
    if user is None or not (user.role == "ADMIN" or user.finance_editor):
        raise no_permission("The system user must be an admin or a financial editor.")


def _require_assigned(call: Call, account: Account) -> None:
    """An admin needs nothing; an employee must have been assigned to the account first."""
    if not is_shared_with(call.bearer, account) or not reaches_account(call.world, call.bearer, account):
        raise no_permission("The system user is not assigned to this account.")
