"""`app.meta` held against the cards: what it sends, what it makes of the reply, what it makes of each error."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.kit.secret import Secret
from app.meta import errors
from app.meta.accounts import Account, SubscribedApp
from app.meta.client import Meta
from app.meta.credit_lines import Allocation
from app.meta.messages import Sent
from app.meta.numbers import Number, WebhookConfiguration
from app.meta.oauth import Inspection, TokenFault
from app.meta.subscriptions import Subscription
from app.meta.system_users import AssignedUser, SystemUser
from tests.contract import set_up_calls, upkeep_calls
from tests.contract.cards import CARDS, ERRORS_OF_EVERY_CALL, Card, Error
from tests.contract.shapes import without
from tests.contract.shared_accounts import SHARED
from tests.meta.local_graph import LocalGraph, reply

WABA, NUMBER, LINE, ALLOCATION = "524126980791429", "106540352242922", "1972385232742146", "58501441721238"
PARTNER, CLIENT, USER, APP = "35602282435505", "2729063490586005", "100012345678901", "1234567890"
TOKEN = Secret("EAATESTTOKEN")
PROOF = "bad6df0b858104754a0ffde2f0c05fe9731f1a5e141ee1bccf316d05f28d5135"
# printf '1234567890|test_app_secret' | openssl dgst -sha256 -hmac test_app_secret
APP_TOKEN = Secret("1234567890|test_app_secret")
APP_PROOF = "645dfc4cf785b0c0d515e9bc507a2474f1cc17a72388690bb8ffc23591150afe"

CALLS: dict[str, Callable[[Meta], Any]] = {
    **set_up_calls.CALLS,
    **upkeep_calls.CALLS,
    "oauth.exchange": lambda m: m.oauth.exchange(
        Secret("AQBexamplecodeexamplecode"), redirect_uri="https://partner.example/back"
    ).reveal(),
    "oauth.inspect": lambda m: m.oauth.inspect(TOKEN),
    "accounts.get": lambda m: m.accounts.get(WABA, TOKEN),
    "accounts.funding_id": lambda m: m.accounts.funding_id(WABA, TOKEN),
    "accounts.subscribed_apps": lambda m: m.accounts.subscribed_apps(WABA, TOKEN),
    "accounts.subscribe": lambda m: m.accounts.subscribe(
        WABA, TOKEN, callback="https://hooks.partner.example/meta", verify_token=Secret("example-verify-token")
    ),
    "numbers.list_of": lambda m: m.numbers.list_of(WABA, TOKEN),
    "numbers.get": lambda m: m.numbers.get(NUMBER, TOKEN),
    "numbers.register": lambda m: m.numbers.register(NUMBER, TOKEN, pin=Secret("482913")),
    "numbers.request_code": lambda m: m.numbers.request_code(NUMBER, TOKEN, method="SMS", language="en_US"),
    "numbers.verify_code": lambda m: m.numbers.verify_code(NUMBER, TOKEN, code=Secret("482913")),
    "numbers.request_sync": lambda m: m.numbers.request_sync(NUMBER, TOKEN, sync_type="smb_app_state_sync"),
    "credit_lines.share_and_attach": lambda m: m.credit_lines.share_and_attach(
        LINE, TOKEN, waba_id=WABA, currency="USD"
    ),
    "credit_lines.share": lambda m: m.credit_lines.share(LINE, TOKEN, receiving_business_id=CLIENT),
    "credit_lines.attach": lambda m: m.credit_lines.attach(LINE, TOKEN, waba_id=WABA, currency="USD"),
    "credit_lines.allocations_for": lambda m: m.credit_lines.allocations_for(LINE, TOKEN, receiving_business_id=CLIENT),
    "credit_lines.receiving_credential_id": lambda m: m.credit_lines.receiving_credential_id(ALLOCATION, TOKEN),
    "credit_lines.revoke": lambda m: m.credit_lines.revoke(ALLOCATION, TOKEN),
    "sharing.accounts": lambda m: m.sharing.accounts(PARTNER, TOKEN, after="QVFIUafter"),
    "system_users.list_of": lambda m: m.system_users.list_of(PARTNER, TOKEN),
    "system_users.assigned": lambda m: m.system_users.assigned(WABA, TOKEN, business_id=PARTNER),
    "system_users.assign": lambda m: m.system_users.assign(WABA, TOKEN, user_id=USER),
    "system_users.fetch_token": lambda m: m.system_users.fetch_token(CLIENT, TOKEN).reveal(),
    "subscriptions.list_of": lambda m: m.subscriptions.list_of(APP, m.app_token),
    "messages.send_text": lambda m: m.messages.send_text(
        NUMBER, TOKEN, to="5511988887777", body="It works.", reply_to="wamid.HBgExample=", tag="onboarding-test"
    ),
    "messages.send_template": lambda m: m.messages.send_template(
        NUMBER,
        TOKEN,
        to="+15551230000",
        name="hello_world",
        language="en_US",
        reply_to="wamid.HBgExample=",
        tag="onboarding-test",
    ),
    "messages.mark_read": lambda m: m.messages.mark_read(NUMBER, TOKEN, wamid="wamid.HBgExample="),
}

NO_HOOKS = WebhookConfiguration(None, None, "https://hooks.partner.example/meta")
# What must come out of the reply on each card, written by hand.
MEANT: dict[str, Any] = {
    **set_up_calls.MEANT,
    **upkeep_calls.MEANT,
    "oauth.exchange": "EAAGexamplebusinesstoken",
    "oauth.inspect": Inspection(
        is_valid=True,
        app_id=APP,
        type="SYSTEM_USER",
        scopes=frozenset(
            {"business_management", "whatsapp_business_management", "whatsapp_business_messaging", "public_profile"}
        ),
        targets={
            "whatsapp_business_management": (WABA,),
            "whatsapp_business_messaging": (WABA,),
            "business_management": (CLIENT,),
        },
        expires_at=None,
        issued_at=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
        user_id="122100255630000123",
        error=TokenFault(190, 463),
    ),
    "accounts.get": Account(
        id=WABA,
        name="Example Bakery",
        currency="USD",
        country="BR",
        timezone_id="25",
        review_status="APPROVED",
        business_verification_status="verified",
        ownership_type="CLIENT_OWNED",
        owner_business_id=CLIENT,
        owner_business_name="Example Bakery Ltd",
        primary_funding_id="5985000000000001",
    ),
    "accounts.funding_id": "5985000000000001",
    "accounts.subscribed_apps": (SubscribedApp(APP, "Example Connect", "https://hooks.partner.example/meta"),),
    "accounts.subscribe": None,
    "numbers.list_of": (
        Number(
            id=NUMBER,
            display_phone_number="+55 11 3000-0000",
            verified_name="Example Bakery",
            status="PENDING",
            code_verification_status="VERIFIED",
            platform_type="NOT_APPLICABLE",
            is_on_biz_app=False,
            name_status="APPROVED",
            quality_rating="GREEN",
            throughput="NOT_APPLICABLE",
            account_mode="LIVE",
            last_onboarded_time="2026-11-02T10:21:33+0000",
            is_preverified_number=False,
            webhook_configuration=NO_HOOKS,
        ),
    ),
    "numbers.get": Number(
        id=NUMBER,
        display_phone_number="+55 11 3000-0000",
        verified_name="Example Bakery",
        status="CONNECTED",
        code_verification_status="VERIFIED",
        platform_type="CLOUD_API",
        is_on_biz_app=True,
        name_status="APPROVED",
        quality_rating="GREEN",
        throughput="STANDARD",
        account_mode="LIVE",
        last_onboarded_time="2026-11-02T10:21:33+0000",
        is_preverified_number=False,
        webhook_configuration=WebhookConfiguration(
            "https://hooks.partner.example/number",
            "https://hooks.partner.example/account",
            "https://hooks.partner.example/meta",
        ),
    ),
    "numbers.register": None,
    "numbers.request_code": None,
    "numbers.verify_code": None,
    "numbers.request_sync": "hWtKexample",
    "credit_lines.share_and_attach": Allocation(ALLOCATION),
    "credit_lines.share": Allocation(ALLOCATION),
    "credit_lines.attach": Allocation(ALLOCATION),
    "credit_lines.allocations_for": (Allocation(ALLOCATION, CLIENT, "Example Bakery Ltd"),),
    "credit_lines.receiving_credential_id": "5985000000000001",
    "credit_lines.revoke": None,
    "sharing.accounts": SHARED,
    "system_users.list_of": (SystemUser(USER, "Onboarding system user", "EMPLOYEE"),),
    "system_users.assigned": (AssignedUser(USER, "Onboarding system user", ("MANAGE", "DEVELOP")),),
    "system_users.assign": None,
    "system_users.fetch_token": "EAAGexamplebusinesstoken",
    "subscriptions.list_of": (
        Subscription(
            "whatsapp_business_account",
            "https://hooks.partner.example/meta",
            True,
            frozenset({"account_update", "messages"}),
        ),
    ),
    "messages.send_text": Sent("wamid.HBgExampleSent=", "5511988887777", None),
    "messages.send_template": Sent("wamid.HBgExampleSent=", "15551230000", "accepted"),
    "messages.mark_read": None,
}

EACH = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
EACH_ERROR = pytest.mark.parametrize(
    ("card", "error"),
    [
        pytest.param(card, error, id=f"{card.name}-{error.name}-{error.status}")
        for card in CARDS.values()
        for error in [*card.errors, *(ERRORS_OF_EVERY_CALL if card.token_kinds else [])]
    ],
)
# Without these an inspection still says something: that the token is not to be trusted.
TOLERATED = {("oauth.inspect", "data.is_valid"), ("oauth.inspect", "data.scopes")}
# Parameters that travel on later pages only, in place of others, or never although Meta takes them.
NOT_SENT_HERE = {
    ("numbers.list_of", "after"),
    ("numbers.register", "data_localization_region"),
    ("messages.send_text", "recipient"),
    ("messages.send_template", "recipient"),
}


def test_every_card_is_tried() -> None:
    assert set(CALLS) == set(MEANT) == set(CARDS)


@EACH
def test_a_call_goes_where_and_as_its_card_says(card: Card, local: LocalGraph, meta: Meta) -> None:
    local.answers(reply(card.reply.example))
    CALLS[card.name](meta)
    seen = local.only
    assert (seen.method, seen.version, seen.path) == (card.method, "v25.0", card.address)
    expected = {
        name: param.example for name, param in card.request.params.items() if (card.name, name) not in NOT_SENT_HERE
    }
    query = {name: value for name, value in seen.query.items() if name != "appsecret_proof"}
    if card.request.place == "query":
        assert (query, seen.body) == ({name: str(value) for name, value in expected.items()}, b"")
    elif card.request.place == "json":
        assert (query, seen.headers["content-type"], seen.json) == ({}, "application/json", expected)
    elif card.request.place == "form":
        assert query == {}
        assert seen.headers["content-type"].startswith("application/x-www-form-urlencoded")
        assert seen.form == {n: '["MANAGE"]' if v == ["MANAGE"] else v for n, v in expected.items()}
    else:
        assert (query, seen.body) == ({}, b"")


@EACH
def test_a_call_carries_its_token_in_the_header_and_the_proof_of_that_token(
    card: Card, local: LocalGraph, meta: Meta
) -> None:
    local.answers(reply(card.reply.example))
    CALLS[card.name](meta)
    seen = local.only
    proof, bearer = seen.query.get("appsecret_proof"), seen.headers.get("authorization")
    if not card.token_kinds:
        assert (proof, bearer) == (None, None)
    elif "app" in card.token_kinds:
        assert (proof, bearer) == (APP_PROOF, f"Bearer {APP_TOKEN.reveal()}")
    else:
        assert (proof, bearer) == (PROOF, "Bearer EAATESTTOKEN")
    assert "access_token" not in seen.query


@EACH
def test_the_reply_on_the_card_is_understood(card: Card, local: LocalGraph, meta: Meta) -> None:
    local.answers(reply(card.reply.example))
    assert CALLS[card.name](meta) == MEANT[card.name]


@pytest.mark.parametrize(
    ("card", "path"),
    [
        pytest.param(card, path, id=f"{card.name}-{path}")
        for card in CARDS.values()
        for path in card.reply.required
        if (card.name, path) not in TOLERATED
    ],
)
def test_a_reply_without_what_the_card_requires_is_an_unknown_outcome(
    card: Card, path: str, local: LocalGraph, meta: Meta
) -> None:
    local.answers(reply(without(card.reply.example, path)))
    with pytest.raises(errors.MetaUnreachable) as caught:
        CALLS[card.name](meta)
    assert caught.value.request_written is True


def test_an_inspection_that_does_not_say_valid_is_invalid(local: LocalGraph, meta: Meta) -> None:
    local.answers(reply(without(CARDS["oauth.inspect"].reply.example, "data.is_valid")))
    assert meta.oauth.inspect(TOKEN).is_valid is False


@EACH_ERROR
def test_an_error_on_the_card_becomes_what_the_card_says(
    card: Card, error: Error, local: LocalGraph, meta: Meta
) -> None:
    local.answers(reply(error.envelope, error.status))
    with pytest.raises(errors.MetaError) as caught:
        CALLS[card.name](meta)
    found = caught.value
    assert type(found).__name__ == error.becomes
    assert (found.status, found.code, found.subcode) == (error.status, error.code, error.subcode)
    assert found.trace_id == "AbCdEf1GhIjKlMnOpQ"
    assert len(local.seen) == 1, "no status is asked for twice"
