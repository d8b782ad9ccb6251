"""Holds what came of a cell against its row: the words, and what Meta's own log says was done twice."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.matrix.cast import Cast
from tests.matrix.cells import Cell
from tests.matrix.stage import Stage

# What may happen once to one subject; a further call of its kind after that is a mistake of ours.
ONCE = {"registered": "register", "credit_attached": "whatsapp_credit_sharing_and_attach"}
COUNTED = (
    "exchanged",
    "token_fetched",
    "subscribed",
    "credit_attached",
    "registered",
    "contacts_synced",
    "history_synced",
    "code_sent",
    "verified",
    "sent",
)
REGISTERS = 10
# What Meta refuses as passing is asked for again after each of eight waits, and once more at the press of a button.
SYNCED, TRIES = frozenset({"smb_app_state_sync", "history"}), 10
UNKNOWN_ANSWER = "connected, waiting:receipt"


@dataclass
class Seen:
    """What came of a cell: the word at first, the word at the very end, Meta's counts, and what is wrong with it."""

    word: str = ""
    end: str = ""
    effects: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    deaths: int = 0


def judge(stage: Stage, cell: Cell, cast: Cast, seen: Seen, *, at_write: int | None) -> None:
    """Write into `seen.wrong` whatever is not as the table says, or must never be."""
    log = [call for call in stage.world.calls() if call["id"] > cast.since]
    seen.effects = Counter(name for call in log for name in (call["effect"] or "").split(",") if name)
    first = cell.first
    if at_write is not None and seen.word.startswith("connect_again:"):
        # The commit that never happened was the one that keeps the token: the code is spent.
        first = "connect_again:code_used"
    dies = at_write is not None or cell.kind == "kill"
    if dies and seen.word == UNKNOWN_ANSWER and seen.effects["sent"] < cell.plan.effects["sent"]:
        # Death came between an answer's row and its call, maybe a sibling's: nobody can know, so it is not sent again.
        return
    if seen.word != first:
        seen.wrong.append(f"is {seen.word}, must be {first}; {_steps(cast)}")
    elif at_write is None and seen.end != cell.ends:
        seen.wrong.append(f"ends {seen.end}, must end {cell.ends}; {_steps(cast)}")
    if cell.kind == "event" and cell.what == "finish" and cell.plan.calls and seen.calls != Counter(cell.plan.calls):
        seen.wrong.append(f"made the calls {dict(seen.calls)}, must make {dict(cell.plan.calls)}")
    if cell.kind == "kill" and not seen.deaths:
        seen.wrong.append("nobody died")
    seen.wrong += twice(log) + _counts(cell, cast, seen) + _stuck(cast)


def twice(log: list[dict[str, Any]]) -> list[str]:
    """No call that must not happen twice is made again once it has had its effect; never an eleventh register."""
    wrong = []
    done: defaultdict[str, set[str]] = defaultdict(set)
    asked: Counter[tuple[str, str]] = Counter()
    for call in log:
        node, _, edge = call["path"].strip("/").partition("/")
        edge = call["params"].get("sync_type", edge)
        subject = call["params"].get("waba_id", node) if edge == ONCE["credit_attached"] else node
        asked[edge, subject] += call["method"] == "POST"
        for effect, kind in ONCE.items():
            if edge == kind and subject in done[effect]:
                wrong.append(f"{edge} of {subject} was asked for again after it had been done")
            if effect in (call["effect"] or "").split(","):
                done[effect].add(subject)
        for effect in ("contacts_synced", "history_synced"):
            if call["effect"] == effect:
                if subject in done[effect]:
                    wrong.append(f"{effect} twice for {subject}")
                done[effect].add(subject)
    for (edge, subject), times in asked.items():
        if edge == "register" and times > REGISTERS:
            wrong.append(f"{times} registers of {subject}")
        if edge in SYNCED and times > TRIES:
            wrong.append(f"{times} times {edge} asked of {subject}")
    return wrong


def _counts(cell: Cell, cast: Cast, seen: Seen) -> list[str]:
    """Every effect as often as the plan's row says, where the cell ends as its plan does."""
    if seen.end != cell.plan.ends or (cell.first not in {cell.plan.ends, seen.word} and not cell.then):
        return []
    expected = Counter({name: cell.plan.effects.get(name, 0) for name in COUNTED}) + cast.more_effects
    found = Counter({name: seen.effects.get(name, 0) for name in COUNTED})
    if cast.came_again and found["sent"] in {expected["sent"], expected["sent"] + 1}:
        # Each onboarding answers once, and now there are two of them.
        expected["sent"] = found["sent"]
    return [
        f"{name} happened {found[name]} times, must be {expected[name]}"
        for name in COUNTED
        if found[name] != expected[name]
    ]


def _stuck(cast: Cast) -> list[str]:
    """Finished, due by itself, or parked with a reason (I5)."""
    wrong = []
    for progress in cast.look():
        if progress.state in {"open", "waiting"} and not any(step.next_try_at for step in progress.steps):
            wrong.append(f"{progress.reference} is {progress.state} and nothing will ever move it")
        if progress.state in {"needs_attention", "stopped"} and (
            progress.current is None or progress.current.trouble is None
        ):
            wrong.append(f"{progress.reference} is parked without a reason")
    return wrong


def _steps(cast: Cast) -> str:
    if cast.key is None:
        return "no onboarding"
    return ", ".join(
        f"{step.name} {step.state}"
        + (f" ({step.trouble.key if step.trouble else step.condition})" if step.trouble or step.condition else "")
        for seen in cast.look()
        for step in seen.steps
    )
