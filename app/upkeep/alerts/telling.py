"""Telling channels: changes become notices, one a channel; notices are told with nothing open, and tried again."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import apprise
import structlog
from sqlalchemy.orm import Session

from app.incidents.models import Incident, IncidentChange
from app.kit import clock
from app.kit.ids import new_id, readable
from app.mail.post import STREAM as MAILS
from app.mail.post import post
from app.runtime import Runtime
from app.upkeep.alerts.channels import Channel, channels_in
from app.upkeep.alerts.models import Notice
from app.upkeep.alerts.words import Alert, alert_of
from app.work import due
from app.work.arrivals import insert_into
from app.work.keeper import Keeper
from app.work.one_by_one import OneByOne

log = structlog.get_logger(__name__)
# It names addresses, passwords and all, when one cannot be reached.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)

BATCH: Final = 50
# After each failure; a service that is away for a day is given up for this notice.
AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 120, 360, 720))


class NotTold(Exception):
    """A channel did not take it; the text holds no address."""


class Teller:
    """Tells what is due; one per worker process."""

    def __init__(self, rt: Runtime, keeper: Keeper | None = None) -> None:
        self._rt = rt
        self._keeper = keeper or Keeper(rt.db, timedelta(seconds=rt.settings.lease_seconds))
        self._notices = OneByOne(rt.db, self._keeper, Notice)
        self._channels = {channel.key: channel for channel in channels_in(rt.settings).usable}

    def hand_out(self, worker: str) -> int:
        """Make of each due change one notice for every channel that wants it; how many changes that were."""
        holder = f"{worker}/{readable(6)}"
        taken = 0
        while keys := self._claim(holder):
            now = clock.now()
            with self._rt.db.write() as session:
                for key in keys:
                    # Whoever lost the lease adds nothing that is not there already.
                    self._add_notices(session, key, now)
                    due.settle(session, IncidentChange, key, worker=holder, due_at=None)
            taken += len(keys)
        return taken

    def tell(self, worker: str) -> int:
        """Tell due notices, one after the other; how many were taken."""
        return self._notices.take(worker, self._tell)

    def _claim(self, holder: str) -> Sequence[str]:
        with self._rt.db.write() as session:
            lease = self._keeper.lease
            return due.claim(session, IncidentChange, worker=holder, now=clock.now(), lease=lease, most=BATCH)

    def _add_notices(self, session: Session, key: str, now: datetime) -> None:
        change = session.get_one(IncidentChange, key)
        incident = session.get_one(Incident, change.incident_id)
        for channel in self._channels.values():
            if channel.is_for(incident.kind, change.severity):
                row = {
                    "id": new_id(), "change_id": key, "incident_id": incident.id, "channel": channel.key,
                    "label": channel.label[:200], "made_at": now, "due_at": now, "claims": 0, "failures": 0,
                }  # fmt: skip
                session.execute(insert_into(session, Notice).values(**row).on_conflict_do_nothing())

    def _tell(self, key: str, holder: str) -> None:
        with self._rt.db.read() as session:
            notice = session.get_one(Notice, key)
            change = session.get_one(IncidentChange, notice.change_id)
            incident = session.get_one(Incident, notice.incident_id)
        alert = alert_of(incident, change, public_url=self._rt.settings.public_url)
        channel = self._channels.get(notice.channel)
        if channel is None:
            self._note(key, holder, "the channel is no longer in ALERT_URLS", for_good=True)
        elif channel.mail_to is not None:
            self._post(key, holder, channel.mail_to, alert)
        else:
            try:
                tell(channel, alert.title, alert.body, alert.tone)
            except NotTold as failed:
                self._note(key, holder, str(failed))
            else:
                self._note(key, holder, None)

    def _post(self, key: str, holder: str, to: str, alert: Alert) -> None:
        with self._rt.db.write() as session:
            post(session, kind="incident", to=to, once=f"notice:{key}", facts=alert.facts, now=clock.now())
        self._note(key, holder, None)
        self._rt.wakes.ring(MAILS)

    def _note(self, key: str, holder: str, trouble: str | None, *, for_good: bool = False) -> None:
        def note(_session: Session, notice: Notice) -> datetime | None:
            now = clock.now()
            notice.trouble = trouble
            if trouble is None:
                notice.told_at = now
                return None
            notice.failures += 1
            if not for_good and notice.failures <= len(AGAIN_AFTER):
                return now + AGAIN_AFTER[notice.failures - 1]
            notice.given_up_at = now
            return None

        notice = self._notices.settle(key, holder, note)
        if notice is not None:
            log.info("notice_told" if trouble is None else "notice_not_told", notice=key, channel=notice.label)


def tell(channel: Channel, title: str, body: str, tone: str) -> None:
    """Tell one channel of Apprise's something now. Raises `NotTold`."""
    apprise_of = apprise.Apprise()
    apprise_of.add(channel.address.reveal())
    try:
        taken = apprise_of.notify(title=title, body=body, notify_type=tone)
    except TypeError as refused:
        raise NotTold(f"it does not take such a text ({refused.__class__.__name__})") from None
    if not taken:
        raise NotTold("it did not take the alert")
