"""One onboarding as it went: begun, steps, proofs, and what people did; newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.audit.models import AuditEntry
from app.console.life import title_of
from app.console.words import PROOF_CLAIMS, STATE_WORDS, STEP_TITLES
from app.onboarding.reading.progress import CallView, Progress, StepView
from app.web.times import duration


@dataclass(frozen=True)
class Moment:
    """One line. Its `kind` (step, proof, call, staff) chooses nothing but the filters it passes."""

    at: datetime
    kind: str
    tone: str
    icon: str
    title: str
    detail: str
    call: CallView | None = None


@dataclass(frozen=True)
class Day:
    """The lines of one day."""

    day: date
    moments: tuple[Moment, ...]


def tell(
    progress: Progress, calls: Sequence[CallView], entries: Iterable[AuditEntry], people: Mapping[str, str]
) -> tuple[Day, ...]:
    """All lines, by day. `people` names staff and keys by their ids."""
    # What follows from something stands before it here, so that both read rightly where they share a moment.
    moments = _of_state(progress)
    moments += [moment for step in progress.steps for moment in _of_step(step)]
    moments += _of_proofs(progress)
    moments += [_of_call(call) for call in calls]
    moments += [moment for entry in entries if (moment := _of_entry(entry, people, progress)) is not None]
    begun, how, _since = _BEGINNINGS.get(progress.way, _AFTER_THE_WINDOW)
    moments.append(Moment(progress.begun_at, "step", "busy", "plank", begun, how))
    newest_first = sorted(moments, key=lambda moment: moment.at, reverse=True)
    days: dict[date, list[Moment]] = {}
    for moment in newest_first:
        days.setdefault(moment.at.date(), []).append(moment)
    return tuple(Day(day, tuple(moments)) for day, moments in days.items())


_AFTER_THE_WINDOW: Final = ("Signup finished", "The code reached us.", "the code reached us")
# What began it, how, and what times are counted from, by the way the client came.
_BEGINNINGS: Final = {
    "adopted": ("Adoption begun", "The account was shared with us before.", "we took it over"),
    "by_hand": ("Entered by hand", "Account and token were typed in.", "it was entered"),
}


def _of_step(step: StepView) -> list[Moment]:
    name = f"Step {step.position}: {STEP_TITLES[step.name][0].lower()}{STEP_TITLES[step.name][1:]}"
    lines = []
    if step.ended_at is not None:
        took = f"Took {duration(step.ended_at - step.started_at)}." if step.started_at else ""
        done = step.state == "done"
        tone, icon, word = ("ok", "check", "done") if done else ("idle", "skip", "skipped")
        lines.append(Moment(step.ended_at, "step", tone, icon, f"{name}, {word}", took if done else ""))
    return lines


def _of_proofs(progress: Progress) -> list[Moment]:
    return [
        Moment(proof.seen_at, "proof", "ok", "done", f"Proof: {PROOF_CLAIMS[proof.kind].lower()}", "")
        for proof in progress.proofs
        if proof.seen_at is not None
    ]


def _of_state(progress: Progress) -> list[Moment]:
    """Connected and live are read off the proofs; the clock of the onboarding began with the code."""
    lines: list[Moment] = []
    if progress.ended_at is not None:
        after = f"{progress.replaced_by} counts now." if progress.replaced_by else "The account is ours no more."
        word = STATE_WORDS[progress.state].lower()
        lines.append(Moment(progress.ended_at, "step", "stop", "stop", f"This run was {word}", after))
    for word, at, icon in (("connected", progress.connected_at, "link"), ("live", progress.live_at, "live")):
        if at is not None:
            _begun, _how, since = _BEGINNINGS.get(progress.way, _AFTER_THE_WINDOW)
            after = f"{duration(at - progress.begun_at)} after {since}."
            lines.append(Moment(at, "step", "ok", icon, f"Client is {STATE_WORDS[word].lower()}", after))
    return lines


def _of_call(call: CallView) -> Moment:
    answered = call.status is not None and call.status < 400
    tone, icon = ("busy", "code") if answered else ("act", "hand") if call.status else ("wait", "hourglass")
    return Moment(call.at, "call", tone, icon, f"{call.method} {call.path}", "", call)


def _of_entry(entry: AuditEntry, people: Mapping[str, str], progress: Progress) -> Moment | None:
    who = people.get(
        entry.actor_id or "",
        {"system": "The command line", "key": "A program", "client": "The client"}.get(entry.actor_kind, ""),
    )
    match entry.action:
        case "step.retried":
            step = STEP_TITLES.get(str(entry.facts.get("step")), "a step")
            return Moment(entry.at, "staff", "idle", "person", f"{who} pressed Try again", step)
        case "account.adopted":
            return Moment(entry.at, "staff", "idle", "person", f"{who} adopted the account", "")
        case "onboarding.entered_by_hand":
            return Moment(entry.at, "staff", "idle", "person", f"{who} entered account and token", "")
        case "account.paused":
            return Moment(entry.at, "step", "wait", "hourglass", "Phone app is off", "Sending is held.")
        case "account.resumed":
            return Moment(entry.at, "step", "ok", "link", "Phone app is back", "What waited goes on.")
        case "account.removed":
            return Moment(entry.at, "step", "stop", "stop", title_of(progress.removal), "The run ends here.")
        case "test.waived":
            reason = str(entry.facts.get("reason", ""))
            return Moment(entry.at, "staff", "idle", "person", f"{who} skipped the test message", f"“{reason}”")
        case "code.requested":
            how = "By call" if entry.facts.get("method") == "VOICE" else "By text message"
            return Moment(entry.at, "staff", "idle", "phone", f"{who} asked for a code", how)
        case "number.verified":
            return Moment(entry.at, "staff", "ok", "check", f"{who} entered the code", "Meta has confirmed the number.")
        case "pin.given":
            return Moment(entry.at, "staff", "idle", "key", f"{who} entered the PIN of the number", "Kept sealed.")
        case "pin.switched_off":
            return Moment(entry.at, "staff", "idle", "key", f"{who} said that two-step verification is off", "")
        case "pin.revealed":
            reason = str(entry.facts.get("reason", ""))
            return Moment(entry.at, "staff", "act", "eye", f"{who} looked at the PIN", f"“{reason}”")
    return None
