"""For each card, a world in which the call succeeds: who signed up, which ids, which values, whose business token."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from sandbox.listener import Listener
from tests.contract.cards import CARDS
from tests.contract.local_meta import LocalMeta, Signup

PIN = "482913"
CONTACT = "15551230001"


@dataclass(frozen=True)
class Scene:
    """`params` has what the card calls required and what we always send; `business` is the client's token."""

    ids: dict[str, str]
    params: dict[str, Any]
    business: str


def account(local: LocalMeta, name: str, **params: Any) -> Scene:
    signup = local.signup()
    return Scene({"waba_id": signup.waba_id}, {**fields(name), **params}, local.token_for(signup))


def number(local: LocalMeta, name: str, plan: str = "standard", **params: Any) -> Scene:
    signup = local.signup(plan)
    return Scene({"phone_number_id": signup.phone_number_id}, {**fields(name), **params}, local.token_for(signup))


def registered(local: LocalMeta, name: str, **params: Any) -> Scene:
    scene = number(local, name, **params)
    register(local, scene)
    return scene


def register(local: LocalMeta, scene: Scene, pin: str = PIN) -> None:
    card = CARDS["numbers.register"]
    answer = local.call(card, scene.ids, {"messaging_product": "whatsapp", "pin": pin}, scene.business)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def line(local: LocalMeta, *, shared: bool = False, **params: str) -> tuple[Scene, Signup]:
    signup = local.signup()
    scene = Scene({"credit_line_id": local.partner.credit_line_id}, dict(params), local.token_for(signup))
    if shared:
        share(local, scene, signup)
    return scene, signup


def share(local: LocalMeta, scene: Scene, signup: Signup) -> str:
    card = CARDS["credit_lines.share"]
    answer = local.call(card, scene.ids, {"receiving_business_id": signup.business_id}, local.admin)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["allocation_config_id"])


def with_account(local: LocalMeta, *, shared: bool = False) -> Scene:
    scene, signup = line(local, shared=shared)
    return Scene(scene.ids, {"waba_currency": "USD", "waba_id": signup.waba_id}, scene.business)


def with_receiver(local: LocalMeta, *, shared: bool = False) -> Scene:
    scene, signup = line(local, shared=shared)
    return Scene(scene.ids, {"receiving_business_id": signup.business_id}, scene.business)


def allocation(local: LocalMeta, name: str) -> Scene:
    scene, signup = line(local)
    return Scene({"allocation_id": share(local, scene, signup)}, fields(name), scene.business)


def assigned(local: LocalMeta) -> Scene:
    scene = account(local, "system_users.assign", user=local.partner.employee_user_id, tasks=["MANAGE"])
    assert local.call(CARDS["system_users.assign"], scene.ids, scene.params, local.admin).status_code == 200
    return Scene(scene.ids, {"business": local.partner.business_id}, scene.business)


def read(local: LocalMeta) -> Scene:
    scene = registered(local, "messages.mark_read")
    wamid = local.inbound(scene.ids["phone_number_id"], CONTACT, "hi")
    return Scene(scene.ids, {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}, scene.business)


def unverified(local: LocalMeta, name: str, **params: Any) -> Scene:
    return number(local, name, "unverified", **params)


def code_came(local: LocalMeta) -> Scene:
    scene = unverified(local, "numbers.request_code", code_method="SMS", language="en_US")
    assert local.call(CARDS["numbers.request_code"], scene.ids, scene.params, scene.business).status_code == 200
    code = local.runtime.world.records.numbers[scene.ids["phone_number_id"]].code
    assert code is not None
    return Scene(scene.ids, {"code": code.value}, scene.business)


def templates(local: LocalMeta) -> Scene:
    scene = account(local, "templates.list_of")
    local.runtime.world.records.accounts[scene.ids["waba_id"]].templates = ("order_ok:PAUSED",)
    return scene


def client_portfolio(local: LocalMeta) -> Scene:
    signup = local.signup()
    return Scene({"business_id": signup.business_id}, {"fetch_only": "true"}, local.token_for(signup))


def fields(name: str) -> dict[str, Any]:
    """The fields, sorting and size of page that we ask for, as the card's examples have them."""
    asked = CARDS[name].request.params
    return {key: asked[key].example for key in ("fields", "sort", "limit") if key in asked}


def exchange(local: LocalMeta) -> Scene:
    code, partner = local.signup().code, local.partner
    return Scene({}, {"client_id": partner.app_id, "client_secret": partner.app_secret, "code": code}, "")


def extend(local: LocalMeta) -> Scene:
    token, partner = local.token_for(local.signup()), local.partner
    asked = {
        "client_id": partner.app_id,
        "client_secret": partner.app_secret,
        "grant_type": "fb_exchange_token",
        "set_token_expires_in_60_days": "true",
        "fb_exchange_token": token,
    }
    return Scene({}, asked, "")


def inspect(local: LocalMeta) -> Scene:
    token = local.token_for(local.signup())
    return Scene({}, {"input_token": token}, token)


def check_secret(local: LocalMeta) -> Scene:
    partner = local.partner
    grant = "client_credentials"
    return Scene(
        {}, {"client_id": partner.app_id, "client_secret": partner.app_secret, "grant_type": grant}, local.employee
    )


def own_app(local: LocalMeta, **params: str) -> Scene:
    app = local.runtime.world.records.apps[local.partner.app_id]
    app.callback_url = "https://hooks.partner.example/meta"
    app.app_domains = ("connect.partner.example",)
    return Scene({"app_id": local.partner.app_id}, params, local.token_for(local.signup()))


def own_callback(local: LocalMeta) -> Scene:
    """A callback that answers the handshake; it listens until the test process ends."""
    wanted = {
        "object": "whatsapp_business_account",
        "callback_url": answering(),
        "verify_token": "example-verify-token",
    }
    return own_app(local, **wanted, fields="account_update,messages")


@cache
def answering() -> str:
    listener = Listener("127.0.0.1", 0)
    listener.app = give_the_challenge_back
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{listener.server_port}/hook"


def give_the_challenge_back(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [parse_qs(environ["QUERY_STRING"])["hub.challenge"][0].encode()]


def own_user(local: LocalMeta) -> Scene:
    name = "system_users.finance_permission"
    return Scene({"system_user_id": local.partner.employee_user_id}, fields(name), local.token_for(local.signup()))


def own_portfolio(local: LocalMeta, name: str) -> Scene:
    return Scene({"business_id": local.partner.business_id}, fields(name), local.token_for(local.signup()))


def text(local: LocalMeta) -> Scene:
    name = "messages.send_text"
    scene = registered(local, name)
    local.inbound(scene.ids["phone_number_id"], CONTACT, "hi")
    sent = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "It works."}}
    return Scene(scene.ids, {**sent, "recipient_type": "individual"}, scene.business)


def template(local: LocalMeta) -> Scene:
    hello = {"name": "hello_world", "language": {"code": "en_US"}}
    sent = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "template", "template": hello}
    return registered(local, "messages.send_template", **sent, recipient_type="individual")


SCENES: dict[str, Callable[[LocalMeta], Scene]] = {
    "oauth.exchange": exchange,
    "oauth.extend": extend,
    "oauth.inspect": inspect,
    "oauth.check_secret": check_secret,
    "apps.get": lambda local: own_app(local, **fields("apps.get")),
    "businesses.get": lambda local: own_portfolio(local, "businesses.get"),
    "accounts.get": lambda local: account(local, "accounts.get"),
    "accounts.funding_id": lambda local: account(local, "accounts.funding_id"),
    "accounts.subscribed_apps": lambda local: account(local, "accounts.subscribed_apps"),
    "accounts.subscribe": lambda local: account(local, "accounts.subscribe"),
    "numbers.list_of": lambda local: account(local, "numbers.list_of"),
    "numbers.get": lambda local: number(local, "numbers.get"),
    "numbers.register": lambda local: number(local, "numbers.register", messaging_product="whatsapp", pin=PIN),
    "numbers.request_code": lambda local: unverified(
        local, "numbers.request_code", code_method="SMS", language="en_US"
    ),
    "numbers.verify_code": code_came,
    "numbers.request_sync": lambda local: number(
        local, "numbers.request_sync", "coexistence", messaging_product="whatsapp", sync_type="history"
    ),
    "credit_lines.list_of": lambda local: own_portfolio(local, "credit_lines.list_of"),
    "credit_lines.share_and_attach": with_account,
    "credit_lines.share": with_receiver,
    "credit_lines.attach": lambda local: with_account(local, shared=True),
    "credit_lines.allocations_for": lambda local: with_receiver(local, shared=True),
    "credit_lines.receiving_credential_id": lambda local: allocation(local, "credit_lines.receiving_credential_id"),
    "credit_lines.revoke": lambda local: allocation(local, "credit_lines.revoke"),
    "looks.account": lambda local: account(local, "looks.account"),
    "templates.list_of": templates,
    "numbers.drop_callback": lambda local: number(
        local, "numbers.drop_callback", webhook_configuration={"override_callback_uri": ""}
    ),
    "sharing.accounts": lambda local: own_portfolio(local, "sharing.accounts"),
    "system_users.list_of": lambda local: own_portfolio(local, "system_users.list_of"),
    "system_users.finance_permission": own_user,
    "system_users.assigned": assigned,
    "system_users.assign": lambda local: account(
        local, "system_users.assign", user=local.partner.employee_user_id, tasks=["MANAGE"]
    ),
    "system_users.fetch_token": client_portfolio,
    "subscriptions.list_of": own_app,
    "subscriptions.register": own_callback,
    "messages.send_text": text,
    "messages.send_template": template,
    "messages.mark_read": read,
}
