"""The words themselves: whole, exact, and none that no rule chooses."""

import ast
import re
from pathlib import Path

import pytest

from app.upkeep.doctor.checks import CHECKS
from app.upkeep.doctor.words import GROUPS, SUBJECTS, BadFindings, Case, read_findings
from tests.house.source import ROOT

RULES = ROOT / "app/upkeep/doctor/rules"
PLACE = re.compile(r"{(\w+)}")
COMMON = {"app_id", "business_id"}
NOT_OK = [
    pytest.param(check, name, case, id=f"{check}.{name}")
    for check, subject in SUBJECTS.items()
    for name, case in subject.cases.items()
    if case.state != "ok"
]


def texts_of_rules() -> dict[str, set[str]]:
    """Every text a rule of this name holds: the cases it may choose are among them."""
    return {
        node.name: {leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant)}
        for path in RULES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def test_every_check_has_its_words_and_every_word_its_check() -> None:
    assert set(SUBJECTS) == {check.id for check in CHECKS}
    assert len(CHECKS) == len(SUBJECTS)


def test_no_case_is_written_that_no_rule_can_choose() -> None:
    rules = texts_of_rules()
    assert {check: set(subject.cases) - rules[check] for check, subject in SUBJECTS.items()} == {
        check: set() for check in SUBJECTS
    }


def test_what_a_check_needs_is_judged_before_it() -> None:
    seen: set[str] = set()
    for check in CHECKS:
        assert set(check.needs) <= seen, check.id
        seen.add(check.id)


@pytest.mark.parametrize(("check", "name", "case"), NOT_OK)
def test_each_finding_says_what_is_so_names_a_setting_and_a_fix(check: str, name: str, case: Case) -> None:
    assert case.says.endswith((".", "”"))
    assert case.setting
    assert not case.setting.endswith(".")
    assert case.fix.endswith((".", "`."))
    assert len(case.fix.split()) >= 5, "a fix is exact"
    assert not case.link or case.link.startswith("https://")
    assert "\n" not in case.says + case.fix


def test_what_rests_on_practice_is_told_so_wherever_the_window_was_asked() -> None:
    practice = {f"{check}.{name}" for check, s in SUBJECTS.items() for name, case in s.cases.items() if case.practice}
    assert practice == {
        "signup_config.refused", "signup_config.look", "sdk_domain.refused", "sdk_domain.look",
        "redirect_addresses.refused", "redirect_addresses.look",
    }  # fmt: skip


def test_what_graph_does_not_tell_is_never_in_order() -> None:
    for check in ("app_mode", "signup_config", "sdk_domain", "redirect_addresses"):
        assert "ok" not in {case.state for case in SUBJECTS[check].cases.values()}


def test_a_link_leads_to_meta() -> None:
    hosts = {case.link.split("/")[2] for s in SUBJECTS.values() for case in s.cases.values() if case.link}
    assert hosts == {"business.facebook.com", "developers.facebook.com", "metastatus.com"}
    places = {place for s in SUBJECTS.values() for case in s.cases.values() for place in PLACE.findall(case.link)}
    assert places <= COMMON


GOOD = '[one]\ntitle = "One"\nok = { state = "ok", says = "Well." }\n'


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('[one]\ntitle = "One"\nbad = { state = "sad", says = "x" }', "one.bad: state is sad"),
        ('[one]\ntitle = "One"\nbad = { state = "unchecked", says = "x" }', "one.bad: state is unchecked"),
        ('[one]\ntitle = "One"\nbad = { says = "x" }', "one.bad: state is None"),
        ('[one]\ntitle = "One"\nbad = { state = "warn", says = "x", fix = "y" }', r"one.bad: missing \['setting'\]"),
        ('[one]\ntitle = "One"\nok = { state = "ok", says = "x", fix = "y" }', r"missing \[\], unknown \['fix'\]"),
        ('[one]\ntitle = "One"\nok = { state = "ok", says = "x", link = "y" }', r"unknown \['link'\]"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_by_its_name(tmp_path: Path, text: str, rule: str) -> None:
    for group in GROUPS:
        (tmp_path / f"{group}.toml").write_text("")
    (tmp_path / "app.toml").write_text(text)
    with pytest.raises(BadFindings, match=rule):
        read_findings(tmp_path)


def test_a_check_stands_in_one_file(tmp_path: Path) -> None:
    for group in GROUPS:
        (tmp_path / f"{group}.toml").write_text(GOOD)
    with pytest.raises(BadFindings, match="one stands in two files"):
        read_findings(tmp_path)
