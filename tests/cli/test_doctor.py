"""`flask doctor`, typed where the settings are, against the local Meta."""

import json
from typing import Any

import pytest
from click.testing import Result

from app.factory import create_app
from tests.upkeep.doctor.clinic import Clinic
from tests.upkeep.doctor.conftest import clinic, meta_world, no_key_service, noon, patience, rt, world_settings

__all__ = ["clinic", "meta_world", "no_key_service", "noon", "patience", "rt", "world_settings"]

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def run(clinic: Clinic, *typed: str, stdin: str | None = None) -> Result:
    return create_app(clinic.rt).test_cli_runner().invoke(args=["doctor", *typed], input=stdin)


def json_of(result: Result) -> Any:
    """What was printed, without what the web process in this same process logs of the doctor's knock."""
    return json.loads(result.stdout[result.stdout.index("{\n") :])


def test_what_is_in_order_is_told_and_the_exit_code_is_0(clinic: Clinic) -> None:
    result = run(clinic)
    assert result.exit_code == 0
    for words in ("THE APP AT META", "App id and secret", "Meta takes the newest secret", "look yourself"):
        assert words in result.stdout
    assert "28 ok, 5 look yourself" in result.stderr


def test_a_broken_setting_has_its_fix_below_it_and_the_exit_code_is_1(clinic: Clinic) -> None:
    clinic.settle(meta_credit_line_id="99999")
    result = run(clinic)
    assert result.exit_code == 1
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    place = next(number for number, line in enumerate(lines) if line.startswith("broken"))
    assert "The portfolio has no credit line 99999." in lines[place]
    assert lines[place + 1].split("→")[0].strip() == "META_CREDIT_LINE_ID"
    assert "then restart web, worker and clock." in lines[place + 1]
    assert "27 ok, 1 broken, 5 look yourself" in result.stderr


def test_a_warning_leaves_the_exit_code_at_0(clinic: Clinic) -> None:
    clinic.app.require_proof = False
    result = run(clinic)
    assert (result.exit_code, "1 warn" in result.stderr) == (0, True)


def test_what_could_not_be_checked_says_why(clinic: Clinic) -> None:
    clinic.settle(meta_business_id="999999999999999")
    result = run(clinic)
    assert result.exit_code == 1
    assert "not checked" in result.stdout
    assert "Not checked, because “Business portfolio” has to be in order first." in result.stdout


def test_what_is_practice_and_no_documentation_is_said_to_be(clinic: Clinic) -> None:
    clinic.app.redirect_uris = ()
    assert "“URL blocked”. (seen in practice, not in Meta’s documentation)" in run(clinic).stdout


def test_programs_read_json(clinic: Clinic) -> None:
    clinic.app.require_proof = False
    result = run(clinic, "--json")
    report = json_of(result)
    assert (result.exit_code, report["ok"], report["at"][:16]) == (0, True, "2026-11-25T12:00")
    assert len(report["findings"]) == 33
    (proof,) = [finding for finding in report["findings"] if finding["state"] == "warn"]
    assert proof == {
        "id": "app_proof.not_required",
        "group": "app",
        "check": "Require app secret",
        "state": "warn",
        "says": "Meta takes a call without proof: whoever steals a token can use it anywhere. "
        "All our calls carry the proof.",
        "setting": "Require app secret",
        "fix": "Switch on App settings → Advanced → Security → Require app secret.",
        "link": f"https://developers.facebook.com/apps/{clinic.app.id}/settings/advanced/",
        "practice": False,
    }
    assert report["findings"][0]["setting"] is None


def test_programs_are_told_of_what_is_broken_as_people_are(clinic: Clinic) -> None:
    clinic.silence("worker")
    result = run(clinic, "--json")
    assert (result.exit_code, json_of(result)["ok"]) == (1, False)


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_no_secret_is_printed(clinic: Clinic, how: tuple[str, ...]) -> None:
    clinic.settle(meta_app_secrets=f"{clinic.app.secret},an_older_secret")
    result, settings = run(clinic, *how), clinic.rt.settings
    secrets = [*settings.meta_app_secrets, settings.meta_verify_token, settings.meta_system_token]
    secrets += [*settings.secret_keys, *settings.credential_keys]
    assert [secret for secret in secrets if secret.get_secret_value() in result.output] == []


def test_webhooks_are_registered_when_asked_and_then_everything_is_checked(clinic: Clinic) -> None:
    clinic.app.callback_url, clinic.app.fields = None, ()
    assert run(clinic).exit_code == 1
    result = run(clinic, "--fix", "webhooks")
    assert result.exit_code == 0
    assert (
        f"Registered {clinic.rt.settings.callback_url}; fields added: account_alerts, account_review_update"
        in result.stderr
    )
    assert clinic.app.callback_url == clinic.rt.settings.callback_url


def test_anothers_callback_is_replaced_after_a_question_only(clinic: Clinic) -> None:
    clinic.app.callback_url = "https://other.example/hook"
    no = run(clinic, "--fix", "webhooks", stdin="n\n")
    assert no.exit_code == 1
    assert "Meta sends this app’s notifications to https://other.example/hook." in no.stderr
    assert clinic.app.callback_url == "https://other.example/hook"
    assert run(clinic, "--fix", "webhooks", stdin="y\n").exit_code == 0
    assert clinic.app.callback_url == clinic.rt.settings.callback_url


def test_a_script_may_say_yes_beforehand(clinic: Clinic) -> None:
    clinic.app.callback_url = "https://other.example/hook"
    assert run(clinic, "--fix", "webhooks", "--yes").exit_code == 0
    assert clinic.app.callback_url == clinic.rt.settings.callback_url


def test_a_refusal_is_a_sentence_and_nothing_is_checked_after_it(clinic: Clinic) -> None:
    clinic.app.callback_url = None
    clinic.stop()
    result = run(clinic, "--fix", "webhooks")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Error: Meta called our callback and did not get the answer it wants" in result.stderr


def test_there_is_one_thing_the_doctor_mends(clinic: Clinic) -> None:
    assert run(clinic, "--fix", "everything").exit_code == 2
