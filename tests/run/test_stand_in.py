"""What the stand-in for Meta is told, and what the product is told about it."""

import json
from pathlib import Path

from app.run.stand_in import StandIn
from config import Settings

FOUND = {
    "sandbox_url": "http://localhost:5001", "graph_url": "http://localhost:5001", "web_origin": "http://localhost:5001",
    "sdk_url": "http://localhost:5001/en_US/sdk.js", "graph_version": "v25.0",
    "app_id": "1000000001", "app_secret": "app secret", "verify_token": "verify token",
    "signup_config_id": "1000000002", "signup_config_id_never": "1000000003",
    "business_id": "1000000004", "credit_line_id": "1000000005",
    "admin_system_user_id": "1000000006", "admin_system_token": "admin token",
    "employee_system_user_id": "1000000007", "employee_system_token": "employee token",
}  # fmt: skip


def stand_in(folder: Path) -> StandIn:
    return StandIn(folder, 5001, "http://localhost:5000")


def test_it_is_told_where_to_listen_and_where_we_are(tmp_path: Path) -> None:
    assert stand_in(tmp_path).environment({}) == {
        "SANDBOX_PORT": "5001",
        "SANDBOX_PUBLIC_URL": "http://localhost:5001",
        "SANDBOX_CALLBACK_URL": "http://localhost:5000/api/webhooks/whatsapp",
        "SANDBOX_DOMAINS": "http://localhost:5000",
        "SANDBOX_REDIRECT_URIS": "http://localhost:5000",
    }


def test_it_stays_who_it_was_over_a_restart(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text(json.dumps(FOUND))
    told = stand_in(tmp_path).environment({})
    assert (told["SANDBOX_APP_ID"], told["SANDBOX_ADMIN_TOKEN"]) == ("1000000001", "admin token")
    assert told["SANDBOX_CONFIG_ID_NEVER"] == "1000000003"
    assert not (tmp_path / "sandbox.json").exists(), "the old word must not be taken for the new one"


def test_a_name_somebody_has_given_is_left_to_them(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text(json.dumps(FOUND))
    assert "SANDBOX_APP_ID" not in stand_in(tmp_path).environment({"SANDBOX_APP_ID": "7"})


def test_the_product_hears_of_it_by_settings_alone(tmp_path: Path) -> None:
    here = stand_in(tmp_path)
    (tmp_path / "sandbox.json").write_text(json.dumps(FOUND))
    told = here.settings()
    assert {name.lower() for name in told} <= set(Settings.model_fields)
    assert told["META_SYSTEM_USER_ID"] == "1000000006"
    assert told["META_SYSTEM_TOKEN"] == "admin token"
    assert told["META_GRAPH_URL"] == "http://localhost:5001"
    assert told["META_WEB_ORIGINS"] == "http://localhost:5001"
    assert told["WHATSAPP_LINK_URL"] == "http://localhost:5001"
    assert told["READY_ALSO"] == "http://localhost:5001/_sandbox/health"


def test_it_does_not_answer_before_it_has_said_who_it_is(tmp_path: Path) -> None:
    assert stand_in(tmp_path).answers() is False


def test_half_a_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text('{"app_id": "1000')
    assert "SANDBOX_APP_ID" not in stand_in(tmp_path).environment({})
