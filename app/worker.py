"""The worker process: `python -m app.worker`. To add a stream of work, add a line to `streams_of`.

What is to be done at a time of day is a line in `jobs_of`, under the name of its schedule in `app/clock.py`.
"""

from datetime import timedelta
from functools import partial

from app.access.jobs import forget_old_sessions
from app.build import build, build_engine
from app.credentials.models import TokenWatch
from app.incidents.models import IncidentChange
from app.kit.logs import start_logging
from app.kit.memory import settle_in
from app.mail.jobs import Postman
from app.mail.models import Mail
from app.onboarding.jobs import advance_onboardings
from app.onboarding.models import Onboarding
from app.onboarding.walker import Walker
from app.runtime import Runtime
from app.upkeep.alerts.models import Notice
from app.upkeep.alerts.telling import Teller
from app.upkeep.check.clock_watch import ClockWatch
from app.upkeep.check.house import look_at_house
from app.upkeep.check.jobs import Checks, make_rows
from app.upkeep.check.models import AccountCheck
from app.upkeep.tokens.nightly import see_to_watches
from app.upkeep.tokens.proving import prove_first
from app.upkeep.tokens.renewing import Renewer
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from app.work.beats import keep_beating
from app.work.keeper import Keeper
from app.work.models import Tick
from app.work.streams import Stream, Streams
from app.work.ticks import Job, Ticks, forget_old_ticks
from config import load

HANDS = 8  # threads that answer wake-ups; each stream is taken by one at a time


def streams_of(rt: Runtime) -> dict[str, Stream]:
    """Which rows become due, and the verb that takes them."""
    keeper = Keeper(rt.db, timedelta(seconds=rt.settings.lease_seconds))
    teller = Teller(rt, keeper)
    checks = Checks(rt, keeper)
    return {
        "onboardings": Stream(partial(advance_onboardings, Walker(rt)), Onboarding, hears_all=True),
        "notifications": Stream(partial(read_notifications, rt), Notification),
        "incident_changes": Stream(teller.hand_out, IncidentChange),
        "notices": Stream(teller.tell, Notice),
        "mails": Stream(Postman(rt, keeper).take, Mail),
        "tokens": Stream(Renewer(checks.paced, keeper).take, TokenWatch),
        "checks": Stream(checks.take, AccountCheck),
        "ticks": Stream(
            Ticks(rt.db, keeper, jobs_of(rt, checks)).take,
            Tick,
            hears_all=True,
        ),
    }


def jobs_of(rt: Runtime, checks: Checks) -> dict[str, Job]:
    """What each schedule of the clock is there for. A job does all that is due, and may be done again."""
    return {
        "checks": lambda: make_rows(rt),
        "house": lambda: look_at_house(checks.paced),
        "forget": lambda: forget_old_sessions(rt.db) + forget_old_ticks(rt.db),
        "tokens": lambda: see_to_watches(rt) + prove_first(checks.paced),
    }


def main() -> None:
    settings = load()
    start_logging(settings.log_level)
    rt = build(settings)
    streams = Streams(rt.db, build_engine(settings), streams_of(rt), threads=HANDS)
    keep_beating(rt.db, streams.name, "worker")
    ClockWatch(rt).start()
    settle_in()
    try:
        streams.run()
    finally:
        rt.close()


if __name__ == "__main__":
    main()
