"""Settings: all problems at once, no value in a message, and Meta's hosts alone while anybody can reach us."""

import base64
from pathlib import Path

import pytest

import config
from config import Rehearsal, SettingsRefused, load, load_ground, load_rehearsal

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
GOOD: dict[str, object] = {
    "secret_keys": "x" * 32,
    "credential_keys": KEY,
    "meta_app_id": "1234567890",
    "meta_app_secrets": "newest,older",
    "meta_verify_token": "a word",
    "meta_signup_config_id": "1234567891",
    "meta_business_id": "1234567892",
    "meta_system_user_id": "1234567893",
    "meta_system_token": "EAAsystem",
    "meta_credit_line_id": "1234567894",
}
PUBLIC = {"public_url": "https://connect.partner.example"}


def problems(**given: object) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(**(GOOD | given))
    return str(refused.value)


def test_complete_settings_are_read() -> None:
    settings = load(**GOOD)
    assert [secret.get_secret_value() for secret in settings.meta_app_secrets] == ["newest", "older"]
    assert settings.callback_url == "http://localhost:5000/api/webhooks/whatsapp"


def test_every_missing_setting_is_told_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert str(refused.value).splitlines() == [
        f"{name}: is missing"
        for name in (
            "CREDENTIAL_KEYS",
            "META_APP_ID",
            "META_APP_SECRETS",
            "META_BUSINESS_ID",
            "META_SIGNUP_CONFIG_ID",
            "META_SYSTEM_TOKEN",
            "META_SYSTEM_USER_ID",
            "META_VERIFY_TOKEN",
            "SECRET_KEYS",
        )
    ]


def test_several_wrong_settings_are_told_together() -> None:
    told = problems(port="eighty", public_url="ftp://x", meta_app_id="12", secret_keys="short")
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "META_APP_ID",
        "PORT",
        "PUBLIC_URL",
        "SECRET_KEYS",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_keys", "too short to be a key"),
        ("credential_keys", "not a key at all ####"),
        ("credential_keys", base64.urlsafe_b64encode(b"only sixteen byt").decode()),
        ("credential_keys", f"{KEY},{base64.urlsafe_b64encode(bytes(31)).decode()}"),
        ("meta_app_id", "an app"),
        ("meta_credit_currency", "dollars"),
        ("meta_graph_version", "31"),
        ("meta_credit_sharing", "three_calls"),
        ("lease_seconds", "11"),
        ("log_level", "chatty"),
    ],
)
def test_a_wrong_value_is_refused_and_not_repeated(name: str, value: str) -> None:
    told = problems(**{name: value})
    assert told.startswith(f"{name.upper()}: ")
    assert value not in told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("meta_app_id", "META_APP_ID: must be an id of Meta's: five digits or more"),
        ("meta_credit_currency", "META_CREDIT_CURRENCY: must be a currency's three letters, like USD"),
        ("meta_graph_version", "META_GRAPH_VERSION: must be a version of Graph, like v25.0"),
    ],
)
def test_a_wrong_form_is_told_in_words(name: str, words: str) -> None:
    assert problems(**{name: "x"}) == words


@pytest.mark.parametrize("empty", ["", " , ", ",,"])
def test_a_list_of_nothing_is_no_key(empty: str) -> None:
    assert problems(secret_keys=empty) == "SECRET_KEYS: needs at least one value"


def test_each_key_of_a_list_is_looked_at() -> None:
    assert "key 2 is shorter than 32 characters" in problems(secret_keys=f"{'x' * 32},{'y' * 31}")


def test_secrets_are_not_shown() -> None:
    settings = load(
        **GOOD, database_url="postgresql+psycopg://me:hush@localhost/x", queue_url="redis://:hush@localhost"
    )
    for secret in ("newest", "older", "EAAsystem", "a word", KEY, "x" * 32, "hush"):
        assert secret not in repr(settings)


@pytest.mark.parametrize("here", ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000"])
def test_on_loopback_anybody_may_stand_in_for_meta(here: str) -> None:
    settings = load(
        **GOOD, public_url=here, meta_graph_url="http://localhost:5001", meta_web_origins="http://localhost:5001"
    )
    assert settings.meta_web_origins == ("http://localhost:5001",)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("meta_graph_url", "http://localhost:5001"),
        ("meta_graph_url", "http://graph.facebook.com"),
        ("meta_graph_url", "https://graph.facebook.com.evil.example"),
        ("meta_graph_url", "https://evilfacebook.com"),
        ("meta_sdk_url", "https://cdn.example/sdk.js"),
        ("meta_web_origins", "https://www.facebook.com,https://evil.example"),
        ("meta_web_origins", "https://www.facebook.com.evil.example"),
    ],
)
def test_in_public_only_meta_is_meta(name: str, address: str) -> None:
    told = problems(**PUBLIC, **{name: address})
    assert told.startswith(f"{name.upper()}: ")
    assert "is not Meta's, which is allowed only while PUBLIC_URL is loopback" in told


def test_in_public_metas_own_hosts_are_taken() -> None:
    settings = load(**GOOD, **PUBLIC)
    assert settings.meta_graph_url == "https://graph.facebook.com"
    assert settings.meta_web_origins == ("https://www.facebook.com", "https://web.facebook.com")


def test_in_public_plain_http_is_refused() -> None:
    assert problems(public_url="http://connect.partner.example").startswith("PUBLIC_URL: must be https")


@pytest.mark.parametrize("address", ["localhost:5000", "https://", "https://me@partner.example", "nonsense"])
def test_an_address_is_an_address(address: str) -> None:
    assert "PUBLIC_URL: is not an http or https address" in problems(public_url=address)


def test_a_slash_at_the_end_of_an_address_is_dropped() -> None:
    assert load(**GOOD, public_url="https://connect.partner.example/").callback_url == (
        "https://connect.partner.example/api/webhooks/whatsapp"
    )


def test_the_database_is_a_file_in_data_dir_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert load_ground().database == f"sqlite:///{tmp_path}/gangway.db"
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://localhost/gangway")
    assert load_ground().database == "postgresql+psycopg://localhost/gangway"


def test_migrating_needs_no_setting_of_metas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("META_APP_ID", "nonsense")
    assert load_ground().port == 5000


def test_before_meta_is_known_keys_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "0")
    asked = load_rehearsal()
    assert (asked.sandbox_port, asked.meta_app_id, asked.secret_keys) == (0, "", "")


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert load_ground().port == 5000


def test_the_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my.env").write_text("PORT=6000\nSANDBOX_PORT=6001\n")
    monkeypatch.setitem(Rehearsal.model_config, "env_file", tmp_path / "my.env")
    monkeypatch.setenv("PORT", "7000")
    asked = load_rehearsal()
    assert (asked.port, asked.sandbox_port) == (7000, 6001)


def test_a_child_is_handed_our_environment_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    told = config.handed_on(PORT="7000", MORE="1")
    assert (told["PORT"], told["MORE"]) == ("7000", "1")
    assert "PATH" in told


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("facebook.com", True),
        ("graph.facebook.com", True),
        ("connect.facebook.net", True),
        ("evilfacebook.com", False),
        ("facebook.com.evil.example", False),
        ("", False),
    ],
)
def test_whose_host_it_is(host: str, expected: bool) -> None:
    assert config.is_metas(host) is expected
