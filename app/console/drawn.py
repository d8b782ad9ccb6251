"""Small pieces of markup that the console's templates share."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from app.console.words import PROOF_CLAIMS, STEP_TITLES, sentence_of
from app.meta.redaction import CUT
from app.onboarding.reading.progress import Progress, ProofView


def moment(at: datetime) -> Markup:
    """`12:31:04`, in the reader's own zone once `js/desk.js` has run; the exact moment on hover."""
    return Markup('<time datetime="{}" title="{}" data-clock>{}</time>').format(
        at.isoformat(), f"{at:%d.%m.%Y %H:%M:%S} UTC", f"{at:%H:%M:%S}"
    )


def heading(day: date) -> str:
    """`20 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def day_of(iso: str) -> str:
    """`16 November` of `2026-11-16`."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B}"


def payload(value: Mapping[str, Any] | None) -> Markup:
    """A request or reply as indented JSON; what was cut out before it was stored shows as a solid block."""
    text = escape(json.dumps(value or {}, indent=2, ensure_ascii=False))
    return text.replace(escape(CUT), Markup('<span class="cut">secret</span>'))


def rows(progress: Progress) -> list[dict[str, object]]:
    """The steps as the ledger draws them."""
    current = progress.current.name if progress.current else None
    return [
        {
            "state": step.state,
            "title": STEP_TITLES[step.name],
            "sentence": sentence_of(step),
            "time": "",
            "current": step.name == current,
            "word": "Waits for client" if step.name == "test" and step.state == "needs_client" else "",
            "open": False,
        }
        for step in progress.steps
    ]


def proofs(progress: Progress) -> list[ProofView]:
    """The proofs in the order staff look for them."""
    return sorted(progress.proofs, key=lambda proof: list(PROOF_CLAIMS).index(proof.kind))


def coded(text: str) -> Markup:
    """A sentence in which what stands between backticks is code."""
    parts = text.split("`")
    marked = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)]
    return Markup("").join(marked)


def thousands(count: int) -> str:
    """`1,304`."""
    return f"{count:,}"
