"""What staff read of a number's life: paused, taken away, and what of a phone app's contacts and chats has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import url_for
from markupsafe import Markup

from app.onboarding.reading.progress import Progress, Removal, SyncView
from app.web.times import ago, clock_time, duration

# By Meta's reason (`disconnection_info.reason`), and our own word for an app that was taken off.
REASONS: Final = {
    "ACCOUNT_DISCONNECTED": "The client disconnected us in the phone app",
    "BUSINESS_DOWNGRADE": "The number went from the Business app to the consumer app",
    "CHANGE_NUMBER": "The client changed the number of the phone app",
    "COMPANION_INACTIVITY": "The connection was unused for about 30 days",
    "PRIMARY_INACTIVITY": "The phone was off for about 14 days",
    "USER_RE_REGISTERED": "The number was registered anew on a phone",
    "APP_UNINSTALLED": "Our app was taken off the account",
}
BY: Final = {"USER": "by the client", "SYSTEM": "by Meta"}
BLOCKS: Final = {
    "paid_templates": "Paid templates, which fail with 131042 until then. The test message and answers within 24 hours "
    "go on.",
}
SYNC_TITLES: Final = {"smb_app_state_sync": "Contacts", "history": "Chats"}


@dataclass(frozen=True)
class Notice:
    """What stands above everything else. `tone` and `icon` as in a note."""

    tone: str
    icon: str
    title: str
    words: Markup


@dataclass(frozen=True)
class SyncRow:
    """One line of what a phone app was asked for."""

    title: str
    tone: str
    words: Markup


def notice_of(progress: Progress) -> Notice | None:
    """Why the number does not live as it should; None while it does."""
    if progress.removal is not None:
        gone = progress.removal
        why = REASONS.get(
            gone.because or "", f"Meta’s reason: {gone.because}" if gone.because else "Meta gave no reason"
        )
        by = f", {BY.get(gone.by, gone.by)}" if gone.by else ""
        words = Markup("{}{}. Since {}. The token is retired; the client can connect again with a link.").format(
            why, by, clock_time(gone.at)
        )
        return Notice("act", "stop", title_of(gone), words)
    if progress.state == "replaced":
        newer = url_for("console.onboarding.show", reference=progress.replaced_by)
        words = Markup('A newer one of the same number counts: <a class="mono" href="{}">{}</a>.').format(
            newer, progress.replaced_by
        )
        return Notice("wait", "skip", "A newer run counts", words)
    if progress.paused_at is not None:
        words = Markup(
            "Off since {}. Sending is held; token and subscription stay. It goes on by itself when Meta says that the "
            "app is back, and nothing is synced anew."
        ).format(clock_time(progress.paused_at))
        return Notice("wait", "hourglass", "Paused: the phone app is off", words)
    return None


def title_of(removal: Removal | None) -> str:
    """Who ended it. Where Meta does not say that it was Meta, somebody at the client's did."""
    ended_by_meta = removal is not None and removal.by == "SYSTEM"
    return "Meta has ended the connection" if ended_by_meta else "The client took the account away"


def syncs_of(progress: Progress, now: datetime) -> tuple[SyncRow, ...]:
    """A line each for contacts and chats of a number that stays on its phone app."""
    return tuple(SyncRow(SYNC_TITLES[sync.kind], *_sync(sync, now)) for sync in progress.syncs)


def _sync(sync: SyncView, now: datetime) -> tuple[str, Markup]:
    match sync.state:
        case "to_ask":
            left = duration(sync.until - now)
            return "wait", Markup("must be asked for within {} (until {})").format(left, clock_time(sync.until))
        case "too_late":
            return "act", Markup("not asked for before {}; Meta takes no request any more").format(
                clock_time(sync.until)
            )
        case "declined":
            return "idle", Markup("the client keeps them back")
        case "silent" if sync.asked_at is not None:
            return "act", Markup("asked {}, nothing received").format(ago(sync.asked_at))
        case "asked" if sync.asked_at is not None:
            return "wait", Markup("asked {}").format(ago(sync.asked_at))
    return ("ok" if sync.state == "done" else "busy"), Markup("{}, last {}").format(
        _came(sync), clock_time(sync.seen_at or now)
    )


def _came(sync: SyncView) -> str:
    if sync.progress is None:
        return "1 contact" if sync.chunks == 1 else f"{sync.chunks} contacts"
    return f"{sync.progress} % in {sync.chunks} " + ("piece" if sync.chunks == 1 else "pieces")
