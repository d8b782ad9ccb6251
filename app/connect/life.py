"""What a client reads when its number is paused, taken away, or connected anew: what happened, and what helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.onboarding.reading.progress import Progress
from app.web.languages import _, _l


@dataclass(frozen=True)
class Life:
    """`anew` says that a new signup helps, `explained` that the words say why it has come to this."""

    title: str
    words: str
    icon: str
    tone: str
    anew: bool
    explained: bool = True


# By Meta's reason (`disconnection_info.reason`), and our own word for an app that was taken off.
REASONS: Final[Mapping[str, Any]] = {
    "ACCOUNT_DISCONNECTED": _l("You disconnected us in the WhatsApp Business app."),
    "BUSINESS_DOWNGRADE": _l("The number was moved from the WhatsApp Business app to the ordinary WhatsApp."),
    "CHANGE_NUMBER": _l("The number of the WhatsApp Business app was changed."),
    "COMPANION_INACTIVITY": _l("The connection was not used for about thirty days, so Meta has ended it."),
    "PRIMARY_INACTIVITY": _l(
        "The phone with the WhatsApp Business app was off for about two weeks, so Meta has ended it."
    ),
    "USER_RE_REGISTERED": _l("The number was set up anew on a phone, which ended the connection."),
    "APP_UNINSTALLED": _l("Our app was taken off your account at Meta."),
}
NO_REASON: Final = _l("Your account is not shared with us any more.")


def life_of(progress: Progress) -> Life | None:
    """What stands above everything else on the page; None while the number lives as it should."""
    if progress.removal is not None:
        why = str(REASONS.get(progress.removal.because or "", NO_REASON))
        what = _("Messages do not reach us any more. Connect WhatsApp again if you want to go on; it takes a minute.")
        title = _("%(client)s is not connected any more", client=progress.client_name)
        explained = progress.removal.because in REASONS
        return Life(title, f"{why} {what}", "stop", "act", anew=True, explained=explained)
    if progress.state == "replaced":
        title = _("A newer connection counts")
        return Life(title, _("You connected this number once more, and that one goes on."), "skip", "wait", anew=False)
    if progress.paused_at is not None:
        title = _("Your WhatsApp Business app is off just now")
        words = _("Sending is paused, and nothing is lost. Open the app on your phone: it connects again by itself.")
        return Life(title, words, "hourglass", "wait", anew=False)
    return None
