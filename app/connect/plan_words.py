"""What is special about the way a client comes aboard, said once on its page while it matters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.onboarding.reading.progress import Progress
from app.web.languages import _

# Meta hands over contacts and chats only within a day of the signup ("Onboarding WhatsApp Business app users").
SYNC_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Note:
    """One notice: `tone` and `icon` as everywhere, `until` where it ends, `anew` on a button that begins again."""

    name: str
    tone: str
    icon: str
    title: str
    words: tuple[str, ...]
    until: datetime | None = None
    anew: str = ""


def note_of(progress: Progress) -> Note | None:
    """The notice of this plan; None when it has nothing special, or when that is over."""
    make = _NOTES.get(progress.plan)
    return None if make is None or progress.ended_at is not None else make(progress)


def _virtual(progress: Progress) -> Note | None:
    if _is_done(progress, "name"):
        return None
    return Note(
        "virtual",
        "wait",
        "sim",
        _("This number comes from Meta."),
        (
            _("It can send only after Meta has approved your display name."),
            _("It cannot be used on a phone or with another provider."),
        ),
        anew=_("Use a number of my own"),
    )


def _from_provider(progress: Progress) -> Note | None:
    if _is_done(progress, "register"):
        return None
    return Note(
        "from_provider",
        "busy",
        "info",
        _("Nothing stops at your old provider yet."),
        (_("The number moves at the moment we register it here. Until then its messages go on there."),),
    )


def _coexistence(progress: Progress) -> Note | None:
    if _is_done(progress, "sync"):
        return None
    return Note(
        "coexistence",
        "busy",
        "phone",
        _("You keep the app on your phone."),
        (
            _("WhatsApp on a computer is signed out once; link it again from the phone."),
            _("Groups, broadcast lists and messages that disappear stay behind."),
        ),
        until=progress.begun_at + SYNC_WITHIN,
    )


def _registered(progress: Progress) -> Note | None:
    if _is_done(progress, "confirm"):
        return None
    return Note(
        "registered",
        "busy",
        "info",
        _("This number was connected before."),
        (_("We only read what is there: nothing is registered anew, and its PIN stays as it is."),),
    )


def _reconnect(progress: Progress) -> Note | None:
    if all(step.state in {"done", "skipped"} for step in progress.steps):
        return None
    return Note(
        "reconnect",
        "busy",
        "retry",
        _("You have connected again."),
        (_("We refresh our access, message delivery and billing. Your test messages of before still count."),),
    )


_NOTES = {
    "virtual": _virtual,
    "from_provider": _from_provider,
    "coexistence": _coexistence,
    "registered": _registered,
    "reconnect": _reconnect,
}


def _is_done(progress: Progress, name: str) -> bool:
    step = progress.step(name)
    return step is not None and step.state in {"done", "skipped"}
