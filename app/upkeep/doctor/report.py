"""Facts → findings: every check judged, its words filled in; and findings as they are kept and read again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.upkeep.doctor.checks import CHECKS
from app.upkeep.doctor.facts import Facts
from app.upkeep.doctor.verdicts import UNCHECKED, Verdict, unchecked
from app.upkeep.doctor.words import GROUPS, SUBJECTS, Case, State

BLOCKS = frozenset({"broken", "unchecked"})
NOT_CHECKED = Case(state="unchecked", says="Not checked, because {because}.")


@dataclass(frozen=True)
class Finding:
    """One check's outcome, in words. `id` is `check.case`."""

    check: str
    verdict: Verdict
    state: State
    group: str
    title: str
    says: str
    setting: str
    fix: str
    link: str
    practice: bool

    @property
    def id(self) -> str:
        return f"{self.check}.{self.verdict.case}"


@dataclass(frozen=True)
class Report:
    """The findings of one examination, by group, and when it was made."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings are in each state; 0 for a state without any."""
        return Counter(finding.state for finding in self.findings)

    @property
    def is_broken(self) -> bool:
        return self.counts["broken"] > 0


def judge(facts: Facts, now: datetime) -> Report:
    """Every check, in the order of the groups."""
    common = {"app_id": facts.ours.app_id, "business_id": facts.ours.business_id}
    found: dict[str, Finding] = {}
    for check in CHECKS:
        blocker = next((found[need] for need in check.needs if found[need].state in BLOCKS), None)
        verdict = check.rule(facts, now) if blocker is None else _held_up_by(blocker)
        found[check.id] = finding_of(check.id, Verdict(verdict.case, {**common, **verdict.places}))
    return Report(now, _in_groups(found.values()))


def finding_of(check: str, verdict: Verdict) -> Finding:
    """The words for a verdict. Raises `KeyError` for a check, a case or a place that nobody wrote."""
    subject = SUBJECTS[check]
    case = NOT_CHECKED if verdict.case == UNCHECKED else subject.cases[verdict.case]
    filled = {name: getattr(case, name).format_map(verdict.places) for name in ("says", "setting", "fix", "link")}
    return Finding(check, verdict, case.state, subject.group, subject.title, practice=case.practice, **filled)


def kept(report: Report) -> list[list[Any]]:
    """The findings as JSON to be kept: check, case, places. Words are looked up again when it is read."""
    return [[finding.check, finding.verdict.case, dict(finding.verdict.places)] for finding in report.findings]


def read_kept(rows: Sequence[Sequence[Any]], at: datetime) -> Report:
    """A report as it was kept. What an older version of this program called otherwise is left out."""
    findings = []
    for check, case, places in rows:
        try:
            findings.append(finding_of(check, Verdict(case, places)))
        except KeyError:
            continue
    return Report(at, _in_groups(findings))


def _held_up_by(blocker: Finding) -> Verdict:
    """What holds a check up is told by its root: a check that was itself held up hands its reason on."""
    if blocker.state == "unchecked":
        return unchecked(blocker.verdict.places["because"])
    return unchecked(f"“{blocker.title}” has to be in order first")


def _in_groups(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: list(GROUPS).index(finding.group)))
