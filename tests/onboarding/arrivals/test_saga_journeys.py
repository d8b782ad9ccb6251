"""Whole journeys against the local Meta: from a finished popup to connected, and by two messages to live."""

from app.kit.secret import Secret
from tests.onboarding.journey import CONTACT, Journey

CONNECTED = {"token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered"}


def test_a_new_number_is_connected_with_all_five_proofs(journey: Journey) -> None:
    key, finished = journey.connect("standard")
    assert journey.states(key) == {
        "exchange": "done",
        "subscribe": "done",
        "credit": "done",
        "register": "done",
        "test": "needs_client",
    }
    progress = journey.progress(key)
    assert (progress.state, progress.plan) == ("connected", "standard")
    assert (progress.waba_id, progress.phone_number_id) == (finished["waba_id"], finished["phone_number_id"])
    assert progress.business_id == finished["business_id"]
    assert progress.connected_at is not None
    assert progress.live_at is None
    assert journey.proofs(key) == CONNECTED


def test_a_new_number_really_stands_so_in_metas_world(journey: Journey) -> None:
    _, finished = journey.connect("standard")
    number = journey.world.show("numbers", finished["phone_number_id"])
    assert (number["status"], number["platform_type"], number["has_pin"]) == ("CONNECTED", "CLOUD_API", True)
    assert journey.world.show("accounts", finished["waba_id"])["primary_funding_id"] is not None
    assert journey.world.effects("registered", "credit_attached", "subscribed", "exchanged") == 4


def test_a_phone_app_number_is_connected_without_ever_being_registered(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    assert journey.states(key) == {
        "exchange": "done",
        "subscribe": "done",
        "credit": "done",
        "sync": "done",
        "test": "needs_client",
    }
    assert journey.progress(key).plan == "coexistence"
    assert journey.progress(key).state == "connected"
    assert journey.proofs(key) == CONNECTED
    assert journey.world.count("/*/register") == 0
    syncs = journey.world.calls("/*/smb_app_data")
    assert sorted(call["params"]["sync_type"] for call in syncs) == ["history", "smb_app_state_sync"]
    assert {call["path"] for call in syncs} == {f"/{journey.number_of(finished)}/smb_app_data"}


def test_the_word_in_and_a_receipt_out_make_it_live(journey: Journey) -> None:
    key, finished = journey.connect("standard")
    word = journey.progress(key).test_word
    assert journey.write_in(finished, f"hi, test {word}")
    journey.walk()
    assert journey.states(key)["test"] == "waiting"
    assert journey.progress(key).state == "connected"
    (sent,) = journey.world.calls("/*/messages", "POST")
    assert sent["params"]["to"] == f"+{CONTACT}"
    assert sent["params"]["context"] == {"message_id": "wamid.IN"}
    journey.receive(sent["reply"]["messages"][0]["id"])
    progress = journey.progress(key)
    assert progress.state == "live"
    assert progress.live_at is not None
    assert journey.states(key)["test"] == "done"
    assert journey.proofs(key) == CONNECTED | {"message_in", "message_out"}


def test_a_phone_app_number_goes_live_as_well(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    journey.write_in(finished, journey.progress(key).test_word)
    journey.walk()
    (sent,) = journey.world.calls("/*/messages", "POST")
    journey.receive(sent["reply"]["messages"][0]["id"], "read")
    assert journey.progress(key).state == "live"


def test_the_business_token_works_and_the_system_token_pays(journey: Journey) -> None:
    _, finished = journey.connect("standard")
    kinds = {
        (call["method"], call["path"].rsplit("/", 1)[-1]): call["token_kind"]
        for call in journey.world.calls()
        if call["path"].count("/") == 2
    }
    assert kinds["POST", "register"] == "business"
    assert kinds["POST", "subscribed_apps"] == "business"
    assert kinds["POST", "whatsapp_credit_sharing_and_attach"] == "system"
    assert kinds["GET", "owning_credit_allocation_configs"] == "system"
    assert {call["status"] for call in journey.world.calls()} == {200}
    assert finished["phone_number_id"] is not None


def test_a_number_that_is_connected_already_is_not_registered_again(journey: Journey) -> None:
    key, _ = journey.connect("preregistered")
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).plan == "registered"
    assert journey.states(key)["confirm"] == "done"
    assert journey.world.count("/*/register") == 0


def test_the_finish_variant_of_phone_app_numbers_is_told_by_the_number_itself(journey: Journey) -> None:
    key, _ = journey.connect("coexistence", asked="standard", wa_login_user=True)
    assert journey.progress(key).event_kind == "FINISH"
    assert journey.progress(key).plan == "coexistence"
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/register") == 0


def test_a_standard_number_chosen_on_the_phone_app_button_is_registered(journey: Journey) -> None:
    key, _ = journey.connect("standard", asked="coexistence")
    assert journey.progress(key).plan == "standard"
    assert list(journey.states(key)) == ["exchange", "subscribe", "credit", "register", "test"]
    assert journey.progress(key).state == "connected"


def test_the_token_is_sealed_under_its_account_and_opens_again(journey: Journey) -> None:
    key, finished = journey.connect("standard")
    client_id = journey.progress(key).client_id
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session, kind="business_token", client_id=client_id, subject=finished["waba_id"]
        )
        pin = journey.rt.vault.open_current(
            session, kind="pin", client_id=client_id, subject=finished["phone_number_id"]
        )
    assert held is not None
    assert pin is not None
    assert held.expires_at is not None
    assert journey.rt.meta.oauth.inspect(held.secret).is_valid
    assert isinstance(pin.secret, Secret)
    assert len(pin.secret.reveal()) == 6
    assert pin.secret.reveal().isdecimal()
