"""For each rehearsed error on a card, how a client of Meta's runs into it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from werkzeug.test import TestResponse

from tests.contract.cards import CARDS, EVERY_CALL
from tests.contract.local_meta import LocalMeta
from tests.contract.scenes import SCENES, Scene, register
from tests.meta.local_graph import closed_port

Provocation = Callable[[LocalMeta], TestResponse]

# The example number that carries the PIN of an earlier life.
WITH_EARLIER_PIN = "+1 555 010 0182"
FROM_META = "+1 555 078 0001"


def changed(name: str, *, token: str | None = None, **params: Any) -> Provocation:
    """The card's call with some values changed, or with another token (`employee`, `business`)."""

    def provoke(local: LocalMeta) -> TestResponse:
        scene = SCENES[name](local)
        return again(local, name, replace(scene, params={**scene.params, **params}), token)

    return provoke


def again(local: LocalMeta, name: str, scene: Scene, token: str | None = None) -> TestResponse:
    card = CARDS[name]
    kind = card.token_kinds[-1] if card.token_kinds else None
    bearer = {
        "employee": local.employee,
        "business": scene.business,
        None: local.token_of(kind, scene.business) if kind else None,
    }[token]
    return local.call(card, scene.ids, scene.params, bearer)


def twice(name: str) -> Provocation:
    def provoke(local: LocalMeta) -> TestResponse:
        scene = SCENES[name](local)
        again(local, name, scene)
        return again(local, name, scene)

    return provoke


def after(name: str, seconds: float) -> Provocation:
    def provoke(local: LocalMeta) -> TestResponse:
        scene = SCENES[name](local)
        local.pass_time(seconds)
        return again(local, name, scene)

    return provoke


def with_signup(name: str, *, tries: int = 1, connect: bool = False, **wishes: Any) -> Provocation:
    """The card's call for the number of another kind of signup, made `tries` times."""

    def provoke(local: LocalMeta) -> TestResponse:
        signup = local.signup(**wishes)
        params = SCENES[name](local).params
        scene = Scene({"phone_number_id": signup.phone_number_id}, params, local.token_for(signup))
        if connect:
            register(local, scene)
        for _ in range(tries - 1):
            again(local, name, scene)
        return again(local, name, scene)

    return provoke


def coming_from_elsewhere(*, two_step: bool = False, twin: bool = False) -> Provocation:
    """Registering a number that works for another provider, before its account is ready for it."""

    def provoke(local: LocalMeta) -> TestResponse:
        signup = local.signup("from_provider")
        scene = Scene({"phone_number_id": signup.phone_number_id}, SCENES["numbers.register"](local).params, "")
        scene = replace(scene, business=local.token_for(signup))
        if two_step:
            local.change(f"numbers/{signup.phone_number_id}", two_step=True)
        if twin:
            shown = local.call(CARDS["numbers.get"], scene.ids, {"fields": "display_phone_number"}, scene.business)
            local.hold(signup.waba_id, shown.get_json()["display_phone_number"])
        return again(local, "numbers.register", scene)

    return provoke


def just_deregistered(local: LocalMeta) -> TestResponse:
    scene = SCENES["numbers.register"](local)
    register(local, scene)
    assert local.post(f"/{scene.ids['phone_number_id']}/deregister", scene.business).status_code == 200
    return again(local, "numbers.register", scene)


def to_itself(local: LocalMeta) -> TestResponse:
    scene = SCENES["messages.send_text"](local)
    shown = local.call(CARDS["numbers.get"], scene.ids, {"fields": "display_phone_number"}, scene.business)
    own = shown.get_json()["display_phone_number"]
    return again(local, "messages.send_text", replace(scene, params={**scene.params, "to": own}))


def not_shared(local: LocalMeta) -> TestResponse:
    scene = SCENES["credit_lines.share_and_attach"](local)
    return local.call(CARDS["credit_lines.attach"], scene.ids, scene.params, scene.business)


def without_finance_role(name: str) -> Provocation:
    def provoke(local: LocalMeta) -> TestResponse:
        scene = SCENES[name](local)
        local.runtime.world.records.system_users[local.partner.employee_user_id].finance_editor = False
        return again(local, name, scene, "employee")

    return provoke


def revoked(local: LocalMeta) -> TestResponse:
    scene = SCENES["accounts.get"](local)
    local.revoke(scene.business)
    return again(local, "accounts.get", scene)


def without_messaging(local: LocalMeta) -> TestResponse:
    signup = local.signup(scopes=["whatsapp_business_management"])
    scene = Scene({"phone_number_id": signup.phone_number_id}, {}, local.token_for(signup))
    register(local, scene)
    return again(local, "messages.send_text", replace(scene, params=SCENES["messages.send_text"](local).params))


def without_proof(local: LocalMeta) -> TestResponse:
    scene = SCENES["accounts.get"](local)
    return local.call(CARDS["accounts.get"], scene.ids, scene.params, scene.business, proof=None)


def unknown_account(local: LocalMeta) -> TestResponse:
    scene = SCENES["accounts.get"](local)
    return again(local, "accounts.get", replace(scene, ids={"waba_id": "999999999999999"}))


def made_up_token(local: LocalMeta) -> TestResponse:
    scene = SCENES["accounts.get"](local)
    return again(local, "accounts.get", replace(scene, business="EAAmadeupmadeup"))


def nothing_shared(local: LocalMeta) -> TestResponse:
    scene = SCENES["system_users.fetch_token"](local)
    stranger = next(b for b in local.runtime.world.records.businesses.values() if b.name == "Example Flowers")
    return again(local, "system_users.fetch_token", replace(scene, ids={"business_id": stranger.id}))


TWO_PARAMETERS = {
    "name": "hello_world",
    "language": {"code": "en_US"},
    "components": [{"type": "body", "parameters": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
}
UNKNOWN_TEMPLATE = {"name": "no_such_template", "language": {"code": "en_US"}}
NOBODY = f"http://127.0.0.1:{closed_port()}/hook"
UNANSWERED = {"override_callback_uri": NOBODY, "verify_token": "example-verify-token"}

PROVOCATIONS: dict[tuple[str, str], Provocation] = {
    (EVERY_CALL, "190"): made_up_token,
    (EVERY_CALL, "190/463"): after("accounts.get", 61 * 24 * 3600),
    (EVERY_CALL, "190/467"): revoked,
    (EVERY_CALL, "100/33"): unknown_account,
    (EVERY_CALL, "200"): without_messaging,
    (EVERY_CALL, "100"): without_proof,
    ("oauth.exchange", "100/36007"): after("oauth.exchange", 31),
    ("oauth.exchange", "100/36008"): changed("oauth.exchange", redirect_uri="https://partner.example/back"),
    ("oauth.exchange", "100/36009"): twice("oauth.exchange"),
    ("oauth.exchange", "100"): changed("oauth.exchange", code="AQBgarbage"),
    ("oauth.exchange", "1"): changed("oauth.exchange", client_secret="another_secret"),
    ("oauth.extend", "190/463"): after("oauth.extend", 61 * 24 * 3600),
    ("oauth.extend", "1"): changed("oauth.extend", client_secret="another_secret"),
    ("oauth.check_secret", "101"): changed("oauth.check_secret", client_id="999999999999999"),
    ("oauth.check_secret", "1"): changed("oauth.check_secret", client_secret="another_secret"),
    ("oauth.inspect", "100"): changed("oauth.inspect", token="business"),
    ("accounts.subscribe", "2200"): changed("accounts.subscribe", **UNANSWERED),
    ("numbers.register", "133005"): with_signup("numbers.register", number=WITH_EARLIER_PIN),
    ("numbers.register", "133006"): with_signup("numbers.register", plan="unverified"),
    ("numbers.register", "133008"): with_signup("numbers.register", number=WITH_EARLIER_PIN, tries=6),
    ("numbers.register", "133015"): just_deregistered,
    ("numbers.register", "133016"): with_signup("numbers.register", tries=11),
    ("numbers.register", "131009"): changed("numbers.register", data_localization_region="XX"),
    ("numbers.register", "100/2388001"): coming_from_elsewhere(two_step=True),
    ("numbers.register", "100/2388012"): coming_from_elsewhere(twin=True),
    ("numbers.register", "100/2388103"): coming_from_elsewhere(),
    ("numbers.request_code", "136024"): with_signup("numbers.request_code"),
    ("numbers.verify_code", "136025"): changed("numbers.verify_code", code="000000"),
    ("system_users.fetch_token", "100/33"): nothing_shared,
    ("numbers.request_sync", "2593107"): twice("numbers.request_sync"),
    ("numbers.request_sync", "2593108"): after("numbers.request_sync", 25 * 3600),
    ("numbers.request_sync", "100"): with_signup("numbers.request_sync"),
    ("credit_lines.share_and_attach", "100"): changed("credit_lines.share_and_attach", waba_currency="XYZ"),
    ("credit_lines.share_and_attach", "200"): changed("credit_lines.share_and_attach", token="employee"),
    ("credit_lines.share", "100"): changed("credit_lines.share", receiving_business_id="999999999999999"),
    ("credit_lines.share", "200"): without_finance_role("credit_lines.share"),
    ("credit_lines.attach", "100"): not_shared,
    ("credit_lines.revoke", "200"): without_finance_role("credit_lines.revoke"),
    ("subscriptions.register", "2200"): changed("subscriptions.register", callback_url=NOBODY),
    ("subscriptions.register", "100"): changed("subscriptions.register", object="instagram"),
    ("system_users.assign", "100"): changed("system_users.assign", tasks=["DANCE"]),
    ("messages.send_text", "133010"): with_signup("messages.send_text"),
    ("messages.send_text", "131009"): changed("messages.send_text", to="12"),
    ("messages.send_text", "131021"): to_itself,
    ("messages.send_text", "131037"): with_signup("messages.send_text", number=FROM_META, connect=True),
    ("messages.send_template", "132001"): changed("messages.send_template", template=UNKNOWN_TEMPLATE),
    ("messages.send_template", "132000"): changed("messages.send_template", template=TWO_PARAMETERS),
    ("messages.send_template", "133010"): with_signup("messages.send_template"),
    ("messages.mark_read", "131009"): changed("messages.mark_read", message_id="wamid.unknown"),
}
