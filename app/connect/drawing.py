"""From an onboarding as it stands to what the page draws: which face it shows, the ledger's rows, the proofs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import segno
from markupsafe import Markup

from app.connect import words
from app.connect.life import Life, life_of
from app.onboarding.ledger.troubles import PIN_TROUBLES
from app.onboarding.life.verification import CODE_WANTED
from app.onboarding.links.links import chat_link
from app.onboarding.plans import PLANS
from app.onboarding.reading.progress import Progress, StepView, Trouble
from app.web.languages import _, ngettext
from app.web.times import NO_BREAK, bold, clock_time, duration
from config import Settings

Face = Literal["during", "problem", "after", "ended"]
SETTLED = ("done", "skipped")
ENDED = ("replaced", "removed")


@dataclass(frozen=True)
class Row:
    """One step of the ledger. `open` says that something is drawn under it; `anew`, that a new signup helps first.

    `mine` says that the client must act; `asks` is what the step asks for: code, pin, or nothing of the
    kind; `repeats`, that the client may let it run again. `opens_at` is when Meta takes the step again, where it said
    so.
    """

    name: str
    state: str
    title: str
    sentence: str
    time: str
    current: bool
    word: str
    open: bool
    trouble: Trouble | None
    anew: bool
    mine: bool
    asks: str
    repeats: bool
    opens_at: datetime | None


@dataclass(frozen=True)
class ProofRow:
    claim: str
    detail: str
    seen_at: datetime | None


@dataclass(frozen=True)
class Hi:
    """What the client needs to say hi: the text to send, where it goes, the same as a QR code, and what has come."""

    word: str
    text: str
    link: str
    qr: Markup
    number: str
    heard: bool


@dataclass(frozen=True)
class Drawing:
    """Everything the page of a running or finished onboarding shows."""

    face: Face
    title: str
    lead: str
    live: tuple[str, str]
    icon: str
    rows: tuple[Row, ...]
    proofs: tuple[ProofRow, ...]
    states: tuple[str, ...]
    number: str
    hi: Hi | None
    trouble_step: StepView | None
    ended: bool
    life: Life | None = None


def draw(progress: Progress, settings: Settings) -> Drawing:
    face, step = face_of(progress), trouble_step(progress)
    hi = _hi(progress, settings)
    life = life_of(progress)
    title, lead = (
        (life.title, life.words) if life is not None else _headline(progress, face, step, settings.partner_name)
    )
    gone = face == "ended"
    return Drawing(
        face=face,
        title=title,
        lead=lead,
        live=words.live_sentence(progress),
        icon=_icon(progress),
        rows=tuple(_row(one, progress, hi) for one in progress.steps),
        proofs=tuple(_proof(*words.claim_of(proof, settings.partner_name), proof.seen_at) for proof in progress.proofs),
        states=tuple(one.state for one in progress.steps),
        number=words.number_of(progress),
        hi=hi,
        trouble_step=step,
        ended=gone or (face == "after" and life is None and all(proof.seen_at for proof in progress.proofs)),
        life=life,
    )


def face_of(progress: Progress) -> Face:
    """Ended, when a newer run counts or the client took its account away; after, when nothing is left to do; problem,
    when the client must do something; during, otherwise.
    """
    if progress.state in ENDED:
        return "ended"
    if all(step.state in SETTLED for step in progress.steps):
        return "after"
    step = trouble_step(progress)
    return "problem" if step is not None and is_clients(step) else "during"


def is_clients(step: StepView) -> bool:
    """Whether the client must act, also where a person of ours carries on after that."""
    if step.state == "needs_us":
        return step.trouble is not None and step.trouble.who == "client"
    return step.state == "needs_client"


def trouble_step(progress: Progress) -> StepView | None:
    """The step somebody must act on. Being asked to say hi is no trouble."""
    parked = [
        step
        for step in progress.steps
        if step.trouble is not None
        and step.state in {"needs_client", "needs_us", "refused"}
        and not (step.name == "test" and step.state == "needs_client")
    ]
    return min(parked, key=lambda step: (not is_clients(step), step.position), default=None)


def _headline(progress: Progress, face: Face, step: StepView | None, partner: str) -> tuple[str, str]:
    client = progress.client_name
    if face == "after" and progress.plan == "account_only":
        lead = _("Your WhatsApp account is set up and ready. What is missing is a number: add one whenever you like.")
        return _("Connected, no number yet"), lead
    if face == "after" and progress.plan == "reconnect":
        lead = _(
            "We have read our access, message delivery and billing back from Meta; %(number)s goes on as before.",
            number=words.number_of(progress),
        )
        return _("%(client)s is connected again", client=client), lead
    if face == "after" and progress.live_at is not None:
        took = duration(progress.live_at - progress.begun_at).replace(" ", NO_BREAK)
        lead = _("Customers can write to %(number)s now. Set up in %(took)s.", number="{number}", took=took)
        lead = _with(lead, number=bold(words.number_of(progress)))
        return _("%(client)s is live on WhatsApp", client=client), lead
    if face == "after":
        lead = _("%(number)s is connected. The test message was left out.", number=words.number_of(progress))
        return _("%(client)s is connected to WhatsApp", client=client), lead
    if face == "problem" and step is not None and step.trouble is not None and step.trouble.key in PIN_TROUBLES:
        lead = _("Somebody set a six-digit PIN on %(number)s before.", number=words.number_of(progress))
        return _(
            "One thing needs you: your number has a PIN"
        ), f"{lead} {_('Everything else is done or waiting its turn.')}"
    if face == "problem" and progress.plan == "app_only":
        lead = _("It takes a minute; Meta remembers what you did.")
        return _("One thing needs you: share your WhatsApp account"), lead
    if face == "problem" and step is not None and step.trouble is not None:
        return (
            _("One thing needs you: %(step)s", step=_small(words.title_of(step.name))),
            _("Everything else is done or waiting its turn."),
        )
    if PLANS[progress.plan].parked and step is not None:
        # Such a plan has one step, so there is nothing to count.
        lead = _("You have done your part. %(partner)s sets up the rest.", partner=partner)
        return _("Setting up %(client)s", client=client), lead
    done = sum(one.state in SETTLED for one in progress.steps)
    finished = ngettext(
        "%(num)d of %(all)d steps is finished.", "%(num)d of %(all)d steps are finished.", done, all=len(progress.steps)
    )
    yours = (
        progress.current is not None and progress.current.name == "test" and progress.current.state == "needs_client"
    )
    mine = _("One last thing is yours: say hi.") if yours else _("You have done your part for now.")
    return _("Setting up %(client)s", client=client), f"{mine} {finished}"


def _small(title: str) -> str:
    """A title inside a sentence: only its first letter shrinks, names in it stay."""
    return title[:1].lower() + title[1:]


def _icon(progress: Progress) -> str:
    state = progress.current.state if progress.current else "done"
    if state == "waiting":
        return "hourglass"
    return {"needs_client": "hand", "needs_us": "partner", "refused": "partner", "done": "done"}.get(state, "run")


def _row(step: StepView, progress: Progress, hi: Hi | None) -> Row:
    is_hi = step.name == "test" and hi is not None and step.state not in SETTLED
    in_trouble = step.trouble is not None and step.state in {"needs_client", "needs_us", "refused"}
    key = step.trouble.key if step.trouble is not None and step.state == "needs_client" else ""
    asks = "pin" if key in PIN_TROUBLES else "code" if step.name == "verify" and key == CODE_WANTED else ""
    asks_hi = is_hi and step.state == "needs_client"
    # Where one thing is amiss, what is done keeps one line.
    brief = face_of(progress) == "problem" and step.state in SETTLED
    # The closed set's "Waiting for Meta" is true here too: the answer is sent, and Meta's receipt is what is missing.
    return Row(
        name=step.name,
        state="needs_client" if in_trouble and is_clients(step) else step.state,
        title=words.title_of(step.name),
        sentence="" if brief else _sentence(step, progress),
        time="" if brief else _time_of(step),
        current=progress.current is not None and progress.current.name == step.name,
        word="",
        open=is_hi or in_trouble,
        trouble=None if asks_hi else step.trouble if in_trouble else None,
        anew=step.trouble is not None and not asks and _wants_a_new_signup(step.trouble),
        mine=in_trouble and is_clients(step),
        asks=asks,
        repeats=step.state == "needs_client",
        opens_at=_opens_at(step.trouble) if in_trouble else None,
    )


def _sentence(step: StepView, progress: Progress) -> str:
    """What is going on; for a wait also since when, and until when we look by ourselves."""
    said = words.sentence_of(step, progress)
    if step.state != "waiting" or step.waiting_since is None or step.waits_until is None:
        return said
    since, until = clock_time(step.waiting_since), clock_time(step.waits_until)
    return Markup("{} {}").format(said, _with(_("Since {since}, until {until} at most."), since=since, until=until))


def _opens_at(trouble: Trouble | None) -> datetime | None:
    """When a number is free again that Meta has locked."""
    until = trouble.facts.get("until_at") if trouble is not None else None
    return datetime.fromisoformat(until) if until else None


def _wants_a_new_signup(trouble: Trouble) -> bool:
    return trouble.button == "connect_again"


def _time_of(step: StepView) -> str:
    if step.state == "done" and step.started_at and step.ended_at:
        return duration(max(step.ended_at - step.started_at, timedelta(0)))
    if step.state == "retrying" and step.next_try_at:
        return _with(_("next try {time}"), time=clock_time(step.next_try_at))
    tells_since = step.state == "waiting" and step.waiting_since is not None
    if step.state in {"running", "waiting"} and step.started_at and step.name != "test" and not tells_since:
        since = Markup('<span data-since="{}">…</span>').format(step.started_at.isoformat())
        return _with(_("{time} so far"), time=since)
    return ""


def _with(words: str, **places: Markup) -> Markup:
    """A sentence with markup put into its places in braces; the sentence itself is text."""
    filled = Markup.escape(words)
    for name, markup in places.items():
        filled = filled.replace("{" + name + "}", markup)
    return filled


def _proof(claim: str, rests_on: str, seen_at: datetime | None) -> ProofRow:
    """What a proof rests on is said once it has been seen."""
    return ProofRow(claim, rests_on if seen_at else "", seen_at)


def _hi(progress: Progress, settings: Settings) -> Hi | None:
    if progress.state in {*ENDED, "paused"}:
        return None
    step = progress.step("test")
    if step is None or step.waits_for or not progress.display_phone_number or step.state == "not_started":
        heard = bool(step and step.evidence.get("heard"))
        if not heard or not progress.display_phone_number:
            return None
    text = _("hi, test %(word)s", word=progress.test_word)
    link = chat_link(settings.whatsapp_link_url, words.digits_of(progress.display_phone_number), text)
    return Hi(
        word=progress.test_word,
        text=text,
        link=link,
        qr=qr(link),
        number=words.number_of(progress),
        heard=bool(step and step.evidence.get("heard")),
    )


def qr(address: str) -> Markup:
    """The address as an inline SVG without style or script; the words beside it say what it holds."""
    code = segno.make(address, error="m", micro=False)
    return Markup(  # noqa: S704 - drawn by the library from modules alone; the address is not in its text
        code.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#10212b", light="#fff")
    )
