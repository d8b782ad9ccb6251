"""Phone numbers: the node and their life from one-time code to registration, and the phone app's two syncs."""

from sandbox.graph.auth import reaches_number
from sandbox.graph.doors import SUCCESS, Call, Reply, door, node_of
from sandbox.graph.errors import invalid, missing, no_such_object
from sandbox.graph.number_fields import NUMBER
from sandbox.graph.params import structure, text
from sandbox.webhooks.handshake import shake_hands
from sandbox.world.numbers import deregister, register, request_code, set_pin, verify_code
from sandbox.world.state import Number
from sandbox.world.subscriptions import set_number_override
from sandbox.world.sync import ask_for_sync


def reach_number(call: Call) -> Number:
    """The call's number, if it exists for the call's token. Refuses (100/33) otherwise."""
    number = node_of(call, Number)
    if not reaches_number(call.world, call.bearer, number):
        raise no_such_object(number.id, call.method)
    return number


@door("GET number")
def get_number(call: Call) -> Reply:
    """The number with the fields asked for."""
    return NUMBER.show(call, reach_number(call))


@door("POST number", unlocked=True)
def change_number(call: Call) -> Reply:
    """Sets the two-step PIN (``pin``) or the number's own callback (``webhook_configuration``)."""
    with call.world.lock:
        number = reach_number(call)
    if "webhook_configuration" in call.params:
        return _change_override(call, number)
    if "pin" in call.params:
        if set_pin(call.world, number, text(call.params, "pin")):
            call.note("pin_set")
        return SUCCESS
    raise invalid("Nothing to change: pin and webhook_configuration are supported.")


@door("POST number/request_code")
def ask_for_code(call: Call) -> Reply:
    """Sends a one-time code; the world shows it, since there is no SIM."""
    method = text(call.params, "code_method")
    if method is None:
        raise missing("code_method")
    if text(call.params, "language") is None:
        raise missing("language")
    number = reach_number(call)
    call.attempt("code_sent", number.id)
    request_code(call.world, number, method)
    call.note("code_sent")
    return SUCCESS


@door("POST number/verify_code")
def check_code(call: Call) -> Reply:
    """Proves that the number is theirs."""
    code = text(call.params, "code")
    if code is None:
        raise missing("code")
    number = reach_number(call)
    call.attempt("verified", number.id)
    verify_code(call.world, number, code)
    call.note("verified")
    return SUCCESS


@door("POST number/register")
def register_number(call: Call) -> Reply:
    """Connects the number to the Cloud API."""
    number = reach_number(call)
    _require_product(call)
    call.attempt("registered", number.id)
    if register(call.world, number, text(call.params, "pin"), text(call.params, "data_localization_region")):
        call.note("registered")
    return SUCCESS


@door("POST number/deregister")
def deregister_number(call: Call) -> Reply:
    """Takes the number off the Cloud API."""
    number = reach_number(call)
    call.attempt("deregistered", number.id)
    if deregister(call.world, number):
        call.note("deregistered")
    return SUCCESS


@door("POST number/smb_app_data")
def sync_phone_app(call: Call) -> Reply:
    """Asks once for the phone app's contacts and once for its history, within a day of onboarding."""
    number = reach_number(call)
    _require_product(call)
    sync_type = text(call.params, "sync_type")
    effect = "contacts_synced" if sync_type == "smb_app_state_sync" else "history_synced"
    call.attempt(effect, number.id)
    request_id = ask_for_sync(call.world, number, sync_type)
    call.note(effect)
    return {"messaging_product": "whatsapp", "request_id": request_id}


def _require_product(call: Call) -> None:
    if text(call.params, "messaging_product") != "whatsapp":
        raise missing("messaging_product")


def _change_override(call: Call, number: Number) -> Reply:
    wanted = structure(call.params, "webhook_configuration")
    if not isinstance(wanted, dict) or not isinstance(wanted.get("override_callback_uri"), str):
        raise invalid("webhook_configuration needs override_callback_uri.")
    address = wanted["override_callback_uri"]
    verify_token = str(wanted.get("verify_token") or "")
    if address:
        shake_hands(address, verify_token)
    if set_number_override(call.world, number, address or None, verify_token or None):
        call.note("override_set" if address else "override_removed")
    return SUCCESS
