"""The partner's system users: who they are, which accounts they may touch, and the tokens customers gave."""

from sandbox.graph.accounts import reach_business
from sandbox.graph.auth import is_shared_with, reaches_account
from sandbox.graph.doors import SUCCESS, Call, Reply, door, node_of
from sandbox.graph.errors import invalid, missing, no_such_object
from sandbox.graph.fields import NodeView
from sandbox.graph.paging import page_of
from sandbox.graph.params import flag, structure, text
from sandbox.world.grants import fetch_token
from sandbox.world.state import Account, SystemUser

TASKS = frozenset(
    {
        "DEVELOP",
        "MANAGE",
        "MANAGE_BILLING",
        "MANAGE_EXTENSIONS",
        "MANAGE_PHONE",
        "MANAGE_PHONE_ASSETS",
        "MANAGE_TEMPLATES",
        "MANAGE_USERS",
        "VIEW_COST",
        "VIEW_INSIGHTS",
        "VIEW_PHONE_ASSETS",
        "VIEW_TEMPLATES",
    }
)

USER: NodeView[SystemUser] = NodeView(
    "SystemUser",
    ("id", "name", "role"),
    {
        "id": lambda _, user: user.id,
        "name": lambda _, user: user.name,
        "role": lambda _, user: user.role,
        "finance_permission": lambda _, user: "EDITOR" if user.finance_editor else None,
    },
)


@door("GET business/system_users")
def list_system_users(call: Call) -> Reply:
    """The portfolio's system users with their roles."""
    business = reach_business(call)
    users = [user for user in call.world.records.system_users.values() if user.business_id == business.id]
    wanted = USER.wanted(call)
    return page_of(call, users, lambda user: user.id, lambda user: USER.pick(call, user, wanted))


@door("GET system_user")
def get_system_user(call: Call) -> Reply:
    """One system user of the token's portfolio."""
    user = node_of(call, SystemUser)
    if user.business_id != call.bearer.business_id:
        raise no_such_object(user.id)
    return USER.show(call, user)


@door("GET account/assigned_users")
def list_assigned_users(call: Call) -> Reply:
    """The users of ``business`` who are assigned to the account."""
    account = _shared_account(call)
    business_id = text(call.params, "business")
    if business_id is None:
        raise missing("business")
    users = [call.world.records.system_users[user_id] for user_id in account.assigned]
    chosen = [user for user in users if user.business_id == business_id]
    return page_of(
        call,
        chosen,
        lambda user: user.id,
        lambda user: {"id": user.id, "name": user.name, "tasks": list(account.assigned[user.id])},
    )


@door("POST account/assigned_users")
def assign_user(call: Call) -> Reply:
    """Assigns a system user. The account must be shared with the portfolio; the caller need not be assigned yet."""
    account = _shared_account(call)
    user = _read_user(call)
    tasks = structure(call.params, "tasks")
    if not isinstance(tasks, list) or not tasks:
        raise missing("tasks")
    if not TASKS.issuperset(map(str, tasks)):
        raise invalid("tasks holds an unknown task.")
    wanted = [str(task) for task in tasks]
    if account.assigned.get(user.id) != wanted:
        account.assigned[user.id] = wanted
        call.note("assigned")
    return SUCCESS


@door("DELETE account/assigned_users")
def unassign_user(call: Call) -> Reply:
    """Takes a system user off the account."""
    account = _shared_account(call)
    if account.assigned.pop(_read_user(call).id, None) is not None:
        call.note("unassigned")
    return SUCCESS


@door("POST business/system_user_access_tokens")
def fetch_customer_token(call: Call) -> Reply:
    """A business token of a customer who has the app (hosted signup, lost tokens); ``fetch_only`` must be set.

    Asking again gives the same token. A portfolio that shares nothing with the partner, or has not the app, is 100/33.
    """
    business = reach_business(call)
    if not flag(call.params, "fetch_only"):
        raise invalid("fetch_only must be true.")
    if text(call.params, "appsecret_proof") is None:
        raise missing("appsecret_proof")
    call.attempt("token_fetched", business.id)
    token, is_new = fetch_token(call.world, call.app, business)
    if is_new:
        call.note("token_fetched")
    return {"access_token": token.value}


def _shared_account(call: Call) -> Account:
    account = node_of(call, Account)
    if not is_shared_with(call.bearer, account) and not reaches_account(call.world, call.bearer, account):
        raise no_such_object(account.id, call.method)
    return account


def _read_user(call: Call) -> SystemUser:
    user_id = text(call.params, "user")
    if user_id is None:
        raise missing("user")
    user = call.world.records.system_users.get(user_id)
    if user is None:
        raise invalid("user is not a user of this business.")
    return user
