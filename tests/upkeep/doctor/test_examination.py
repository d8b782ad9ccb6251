"""The whole doctor against a real local Meta over HTTP: healthy, then with each setting broken in turn."""

import json

import pytest

from app.upkeep.doctor.checks import CHECKS
from app.upkeep.doctor.report import Report, kept
from tests.upkeep.doctor.clinic import NOON, Clinic
from tests.upkeep.doctor.faults import FAULTS, Fault

# Of a healthy partner: what Graph does not tell. Everything else is in order.
LOOK = {"app_mode", "signup_config", "sdk_domain", "redirect_addresses", "client_tokens"}

ROWS = [
    pytest.param(kind, fault, id=f"{kind}-{fault.what}")
    for fault in FAULTS
    for kind in ("sqlite", "postgres")
    if fault.only in {"", kind}
]


def states(report: Report) -> dict[str, str]:
    return {finding.check: finding.state for finding in report.findings}


def test_a_healthy_partner_has_nothing_to_do_but_look_where_graph_is_silent(clinic: Clinic) -> None:
    report = clinic.examine()
    assert states(report) == {check.id: "look" if check.id in LOOK else "ok" for check in CHECKS}
    assert (report.at, report.is_broken) == (NOON, False)


@pytest.mark.parametrize(("db", "fault"), ROWS, indirect=["db"])
def test_each_broken_setting_is_one_finding_with_its_name_and_its_fix(clinic: Clinic, fault: Fault) -> None:
    fault.breaks(clinic)
    report = clinic.examine()
    (found,) = [finding for finding in report.findings if finding.check == fault.finding.partition(".")[0]]
    assert (found.id, found.state, found.setting) == (fault.finding, fault.state, fault.setting)
    assert fault.fix in found.fix
    others = {
        finding.check: (finding.state, finding.says)
        for finding in report.findings
        if finding is not found and finding.state != "unchecked"
    }
    assert {check: state for check, (state, _) in others.items()} == {
        check: "look" if check in LOOK else "ok" for check in others
    }, others


@pytest.mark.parametrize(("db", "fault"), [row for row in ROWS if row.values[0] == "sqlite"], indirect=["db"])
def test_no_report_holds_a_secret(clinic: Clinic, fault: Fault) -> None:
    fault.breaks(clinic)
    report, settings = clinic.examine(), clinic.rt.settings
    told = json.dumps(kept(report)) + str(report)
    secrets = [*settings.meta_app_secrets, settings.meta_verify_token, settings.meta_system_token]
    secrets += [*settings.secret_keys, *settings.credential_keys]
    assert [secret for secret in secrets if secret.get_secret_value() in told] == []
    assert "hush" not in told, "a key behind another's address"


def test_what_could_not_be_judged_says_why_by_its_root(clinic: Clinic) -> None:
    clinic.settle(meta_app_secrets="another_secret")
    said = {finding.check: finding.says for finding in clinic.examine().findings if finding.state == "unchecked"}
    assert set(said) == {
        "older_secrets", "app_mode", "system_token", "token_scopes", "token_life", "app_proof", "business",
        "system_user", "finance_role", "credit_line", "signup_config", "app_domains", "sdk_domain",
        "redirect_addresses", "callback", "account_update", "webhook_fields",
    }  # fmt: skip
    assert set(said.values()) == {"Not checked, because “App id and secret” has to be in order first."}


def test_a_partner_without_a_credit_line_that_means_it_is_a_tech_provider(clinic: Clinic) -> None:
    clinic.settle(meta_credit_line_id="")
    clinic.records.credit_lines.clear()
    report = clinic.examine()
    assert set(states(report).values()) == {"ok", "look"}
    said = {finding.id: finding.says for finding in report.findings}
    assert said["credit_line.tech_provider"].startswith("No credit line: Tech Provider.")
    assert said["finance_role.not_needed"] == "There is no credit line to share."


def test_both_differing_values_are_told_and_what_may_be_a_key_is_not(clinic: Clinic) -> None:
    clinic.app.callback_url = "https://somebody:hush@other.example/hook?key=hush"
    (found,) = [finding for finding in clinic.examine().findings if finding.check == "callback"]
    ours = f"{clinic.rt.settings.public_url}/api/webhooks/whatsapp"
    assert found.says == (f"Meta sends the app’s notifications to https://other.example/hook?…, not to us at {ours}.")


def test_days_left_and_names_are_told(clinic: Clinic) -> None:
    clinic.settle(meta_graph_version="v21.0")
    clinic.token.expires_at = NOON.timestamp() + 10 * 24 * 3600 + 3600
    said = {finding.check: finding.says for finding in clinic.examine().findings}
    assert said["graph_version"] == "v21.0 works until 21 January 2027, 57 more days."
    assert said["token_life"].startswith("The token ends on 5 December 2026, in 10 days.")
    assert said["business"] == "Example Partner Ltd is verified."
    assert said["system_user"] == "Admin system user is a system user of the portfolio; role ADMIN."


def test_a_token_that_never_ends_is_in_order(clinic: Clinic) -> None:
    clinic.give_token(None)
    said = {finding.id: finding.state for finding in clinic.examine().findings}
    assert said["client_tokens.never"] == "ok"


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_an_examination_changes_nothing_at_meta(clinic: Clinic) -> None:
    clinic.examine()
    assert [call["effect"] for call in clinic.meta.calls() if call["effect"]] == []


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_meta_that_never_answers_is_waited_for_until_the_deadline_and_no_longer(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.upkeep.doctor.examination.DEADLINE", 5.0)
    clinic.meta.fault("*", {"hang_s": 30})
    report = clinic.examine()
    assert states(report)["meta_answers"] == "broken"
    assert states(report)["database"] == "ok"
    assert states(report)["public_address"] == "ok"
