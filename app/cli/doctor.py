"""`flask doctor`: is our set-up with Meta, and this house, in order? Exit code 1 when something is broken."""

import json
import sys
from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from app.audit.store import SYSTEM
from app.cli.told import Telling, note, table
from app.kit import clock
from app.upkeep.doctor.examination import examine
from app.upkeep.doctor.registering import read_heard, register
from app.upkeep.doctor.report import Finding, Report
from app.upkeep.doctor.words import GROUPS
from app.upkeep.tokens.proving import prove_renewal as prove_one_renewal
from app.upkeep.tokens.words import try_in_words
from app.web.here import rt

STATE_WORDS = {
    "ok": "ok",
    "warn": "warn",
    "broken": "broken",
    "look": "look yourself",
    "unchecked": "not checked",
}
PRACTICE = "(seen in practice, not in Meta’s documentation)"


@click.command("doctor", cls=Telling)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON, for programs.")
@click.option("--fix", type=click.Choice(["webhooks"]), help="webhooks: register our callback and fields, then check.")
@click.option("--prove-renewal", is_flag=True, help="Renew the token of the first live client now, then check.")
@click.option("--yes", is_flag=True, help="Do not ask before another callback is replaced.")
@with_appcontext
def doctor(as_json: bool, fix: str | None, prove_renewal: bool, yes: bool) -> None:
    """Check the set-up with Meta and this house; say what is wrong and the exact fix."""
    if fix == "webhooks":
        _register(yes)
    if prove_renewal:
        _prove_renewal()
    report = examine(rt(), now=clock.now())
    if as_json:
        click.echo(json.dumps(shaped(report), indent=2, ensure_ascii=False))
    else:
        table(("State", "Check", "Finding"), rows(report), empty="")
    counts = [f"{report.counts[state]} {word}" for state, word in STATE_WORDS.items() if report.counts[state]]
    note(", ".join(counts))
    if report.is_broken:
        sys.exit(1)


def shaped(report: Report) -> dict[str, object]:
    """The report as programs read it."""
    return {
        "at": report.at.isoformat(),
        "ok": not report.is_broken,
        "findings": [
            {
                "id": finding.id,
                "group": finding.group,
                "check": finding.title,
                "state": finding.state,
                "says": finding.says,
                "setting": finding.setting or None,
                "fix": finding.fix or None,
                "link": finding.link or None,
                "practice": finding.practice,
            }
            for finding in report.findings
        ],
    }


def rows(report: Report) -> Iterator[tuple[str, str, str]]:
    """A row a finding, a heading before each group, and the fix under what is not in order."""
    group = ""
    for finding in report.findings:
        if finding.group != group:
            group = finding.group
            yield ("", GROUPS[group].upper(), "")
        yield (STATE_WORDS[finding.state], finding.title, _told(finding))
        if finding.fix:
            yield ("", finding.setting, f"→ {finding.fix}")
        if finding.link:
            yield ("", "", f"  {finding.link}")


def _told(finding: Finding) -> str:
    return f"{finding.says} {PRACTICE}" if finding.practice else finding.says


def _prove_renewal() -> None:
    done = prove_one_renewal(rt(), actor=SYSTEM, now=clock.now())
    note(f"Asked Meta to renew the token of {done.client_name}.")
    for way, outcome, code, subcode in done.outcomes:
        note(f"  {try_in_words(way, outcome, code, subcode)}")


def _register(yes: bool) -> None:
    heard = read_heard(rt())
    if heard.is_anothers and not yes:
        note(f"Meta sends this app’s notifications to {heard.callback}.")
        click.confirm(f"Send them to {rt().settings.callback_url} instead?", abort=True, err=True)
    done = register(rt(), actor=SYSTEM, replaces=heard.callback, now=clock.now())
    note(f"Registered {rt().settings.callback_url}; fields added: {', '.join(done.added) or 'none'}.")
