"""A trial of one channel, at somebody's press: told now, with what became of it in words."""

from datetime import datetime

from app.audit.store import Actor, add_entry
from app.kit.errors import Conflict, NotFound
from app.kit.ids import new_id
from app.mail.compose import compose
from app.mail.jobs import sender_of, server_of
from app.mail.sending import NotSent
from app.runtime import Runtime
from app.upkeep.alerts.channels import Channel, channels_in
from app.upkeep.alerts.telling import NotTold, tell


def try_channel(rt: Runtime, key: str, *, actor: Actor, now: datetime) -> str:
    """Tell a channel that it works; its label. Raises `NotFound`, and `Conflict` with the reason when it does not."""
    channel = next((one for one in channels_in(rt.settings).usable if one.key == key), None)
    if channel is None:
        raise NotFound("There is no such channel in ALERT_URLS.")
    try:
        _tell(rt, channel)
    except (NotTold, NotSent) as failed:
        raise Conflict(f"{channel.label}: {failed}.", code="channel_failed") from None
    finally:
        with rt.db.write() as session:
            add_entry(session, actor, "channel.tried", "channel", key, now=now, label=channel.label)
    return channel.label


def _tell(rt: Runtime, channel: Channel) -> None:
    name = rt.settings.partner_name
    if channel.mail_to is None:
        tell(channel, f"{name}: alerts arrive", "Somebody pressed the button for a trial. Nothing is wrong.", "info")
        return
    server = server_of(rt.settings)
    if server is None:
        raise NotSent("no mail server is set (MAIL_URL)")
    letter = compose("trial", {}, sender=sender_of(rt.settings), language=None)
    server.send(channel.mail_to, letter, key=new_id())
