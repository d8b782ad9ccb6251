"""What the environment may say."""

import json
from pathlib import Path

import pytest

from sandbox.settings import read_settings, write_facts


def test_an_empty_environment_makes_a_partner_of_its_own(tmp_path: Path) -> None:
    settings = read_settings({"DATA_DIR": str(tmp_path)})
    assert (settings.host, settings.port, settings.url) == ("127.0.0.1", 5001, "http://localhost:5001")
    assert settings.strict
    assert settings.partner.require_proof
    other = read_settings({}).partner
    assert settings.partner.app_secret != other.app_secret
    assert settings.partner.admin_token != other.admin_token


def test_every_identity_may_be_given() -> None:
    given = {
        "SANDBOX_APP_ID": "1",
        "SANDBOX_APP_SECRET": "given-secret",
        "SANDBOX_VERIFY_TOKEN": "given-verify",
        "SANDBOX_CONFIG_ID": "2",
        "SANDBOX_CONFIG_ID_NEVER": "3",
        "SANDBOX_BUSINESS_ID": "4",
        "SANDBOX_CREDIT_LINE_ID": "5",
        "SANDBOX_ADMIN_USER_ID": "6",
        "SANDBOX_ADMIN_TOKEN": "EAAadmin",
        "SANDBOX_EMPLOYEE_USER_ID": "7",
        "SANDBOX_EMPLOYEE_TOKEN": "EAAemployee",
        "SANDBOX_CALLBACK_URL": "http://localhost:5000/hook",
        "SANDBOX_DOMAINS": "http://localhost:5000, https://app.example",
        "SANDBOX_PUBLIC_URL": "http://127.0.0.1:7777/",
        "SANDBOX_STRICT": "0",
    }
    settings = read_settings(given)
    partner = settings.partner
    assert (partner.app_id, partner.app_secret, partner.verify_token) == ("1", "given-secret", "given-verify")
    assert (partner.config_id, partner.config_id_never) == ("2", "3")
    assert (partner.business_id, partner.credit_line_id) == ("4", "5")
    assert (partner.admin_user_id, partner.admin_token) == ("6", "EAAadmin")
    assert (partner.employee_user_id, partner.employee_token) == ("7", "EAAemployee")
    assert partner.callback_url == "http://localhost:5000/hook"
    assert partner.domains == ("http://localhost:5000", "https://app.example")
    assert settings.url == "http://127.0.0.1:7777"
    assert not settings.strict
    assert not partner.require_proof
    assert "given-secret" not in repr(settings)
    assert "EAAadmin" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"), [("SANDBOX_PORT", "many"), ("SANDBOX_PORT", "70000"), ("SANDBOX_STRICT", "perhaps")]
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        read_settings({name: value})


def test_the_facts_are_replaced_as_a_whole_and_stay_private(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text("old")
    (tmp_path / "sandbox.json").chmod(0o644)
    path = write_facts(read_settings({"DATA_DIR": str(tmp_path)}))
    assert json.loads(path.read_text())["graph_url"] == "http://localhost:5001"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["sandbox.json"]
