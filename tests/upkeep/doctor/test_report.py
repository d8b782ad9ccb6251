from dataclasses import replace

import pytest

from app.meta.oauth import TokenFault
from app.upkeep.doctor.report import finding_of, judge, kept, read_kept
from app.upkeep.doctor.verdicts import Verdict, shown_address, verdict
from tests.upkeep.doctor.healthy import HEALTHY, NOON, SILENT, TOKEN, of_meta, refused


def test_findings_stand_in_the_order_of_their_groups() -> None:
    groups = [finding.group for finding in judge(HEALTHY, NOON).findings]
    assert list(dict.fromkeys(groups)) == ["app", "partner", "signup", "notifications", "house"]
    assert len(groups) == 33


def test_a_healthy_report_is_counted_and_not_broken() -> None:
    report = judge(HEALTHY, NOON)
    assert (report.counts["ok"], report.counts["look"], report.counts["broken"]) == (28, 5, 0)
    assert report.is_broken is False


def test_a_warning_breaks_nothing() -> None:
    report = judge(of_meta(proof_required=False), NOON)
    assert (report.counts["warn"], report.is_broken) == (1, False)


def test_what_is_held_up_names_the_root_and_not_its_own_neighbour() -> None:
    dead = replace(TOKEN, is_valid=False, error=TokenFault(190, 463))
    said = {finding.check: finding.says for finding in judge(of_meta(token=dead), NOON).findings}
    for check in ("token_scopes", "token_life", "app_proof", "business", "system_user", "finance_role", "credit_line"):
        assert said[check] == "Not checked, because “System user’s token” has to be in order first."


def test_what_waits_for_a_silent_fact_hands_on_why() -> None:
    said = {finding.check: finding.says for finding in judge(of_meta(business=SILENT), NOON).findings}
    for check in ("business", "system_user", "finance_role", "credit_line"):
        assert said[check] == "Not checked, because Meta gave no answer in time."


def test_what_must_be_looked_at_holds_nothing_up() -> None:
    looked = judge(of_meta(popup=SILENT, redirects={"https://x.example": SILENT}), NOON)
    assert {finding.check: finding.state for finding in looked.findings}["sdk_domain"] == "look"


def test_places_of_words_and_links_are_filled() -> None:
    (found,) = [one for one in judge(of_meta(secrets=(refused(1),)), NOON).findings if one.check == "app_secret"]
    assert found.id == "app_secret.wrong_secret"
    assert found.says == "The first secret in META_APP_SECRETS is not one of app 1234567890 (code 1)."
    assert found.link == "https://developers.facebook.com/apps/1234567890/settings/basic/"


def test_a_kept_report_is_read_as_it_was() -> None:
    report = judge(of_meta(proof_required=False, popup="domain"), NOON)
    assert read_kept(kept(report), NOON) == report


def test_what_a_later_program_does_not_know_is_left_out() -> None:
    rows = [["no_such_check", "ok", {}], ["app_secret", "no_such_case", {}], ["app_secret", "ok", {}]]
    rows += [["app_secret", "ok", {"app_id": "1"}]]
    assert [finding.says for finding in read_kept(rows, NOON).findings] == ["Meta takes the newest secret for app 1."]


def test_words_without_their_places_are_a_mistake_of_the_rule() -> None:
    with pytest.raises(KeyError):
        finding_of("app_secret", verdict("ok"))
    assert Verdict("ok") == verdict("ok")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://hooks.partner.example/meta", "https://hooks.partner.example/meta"),
        ("https://hooks.partner.example/meta?key=hush#x", "https://hooks.partner.example/meta?…"),
        ("https://me:hush@hooks.partner.example:8443/meta", "https://hooks.partner.example:8443/meta"),
        ("/elsewhere?key=hush", "/elsewhere?…"),
        ("", ""),
        ("https://[half", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_what_may_be_a_key(address: str, shown: str) -> None:
    assert shown_address(address) == shown
