"""Which onboarding a page of this link shows, and everything its templates need to draw it.

Without a reference it is the newest signup of the link, by the number that led; with one, any onboarding of this very
link. What belongs to another link is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, redirect, url_for

from app.connect.drawing import draw
from app.connect.plan_words import note_of
from app.connect.siblings import number_row
from app.connect.visits import here
from app.connect.window import hosted_way, window_facts
from app.connect.words import kind_of_number
from app.kit import clock
from app.kit.errors import NotFound
from app.onboarding.ledger.counted import Counted, read_codes, read_registers
from app.onboarding.reading.progress import Progress, read_progress, read_signup
from app.web.here import rt

NOTHING_HERE = "There is no such number on this page."


@dataclass(frozen=True)
class Shown:
    """`reference` is the one in the address, None for the page's own. `numbers` are all of the signup, the lead first.

    `heir` says whether the run that replaced this one can be shown on this page. `codes` and `registers` are what Meta
    counts of the number.
    """

    progress: Progress
    reference: str | None
    numbers: tuple[Progress, ...]
    heir: bool
    codes: Counted | None
    registers: Counted | None


def find_shown(reference: str | None) -> Shown | None:
    """What the address shows; None where the link has no onboarding yet. `NotFound` for a foreign reference."""
    visit = here()
    if reference is None and visit.onboarding_id is None:
        return None
    now = clock.now()
    with rt().db.read() as session:
        progress = read_progress(session, reference or str(visit.onboarding_id))
        if progress.link_id != visit.link.id:
            raise NotFound(NOTHING_HERE)
        heir = read_progress(session, progress.replaced_by).link_id if progress.replaced_by else None
        number = progress.phone_number_id
        return Shown(
            progress=progress,
            reference=reference,
            numbers=tuple(read_signup(session, progress)) if progress.siblings else (),
            heir=heir == visit.link.id,
            codes=read_codes(session, number, now=now) if number and progress.step("verify") else None,
            registers=read_registers(session, number, now=now) if number and progress.step("register") else None,
        )


def get_shown(reference: str | None) -> Shown:
    """As `find_shown`; `NotFound` where nothing has begun."""
    shown = find_shown(reference)
    if shown is None:
        raise NotFound(NOTHING_HERE)
    return shown


def facts_of(shown: Shown, refused: Mapping[str, str] | None = None) -> dict[str, object]:
    """What the templates are given; `refused` says, field by field, what could not be accepted."""
    visit, settings = here(), rt().settings
    return {
        "link": visit.link,
        "client": visit.client,
        "facts": window_facts(visit, settings),
        "progress": shown.progress,
        "shown": shown,
        "place": shown.reference,
        "drawing": draw(shown.progress, settings),
        "kind": kind_of_number(shown.progress.plan),
        "note": note_of(shown.progress),
        "numbers": [
            number_row(number, settings.whatsapp_link_url, current=shown.progress.id) for number in shown.numbers
        ],
        "refused": refused or {},
        "hosted_url": hosted_way(shown.progress, visit, settings),
    }


def back_to(link_id: str, reference: str | None) -> Response:
    """The way back to the page, after something was done on it."""
    return make_response(redirect(url_for("connect.pages.show", link_id=link_id, reference=reference), 303))
