"""The worker process: `python -m app.worker`. To add a stream of work, add a line to `streams_of`."""

from functools import partial

from app.access.jobs import forget_old_sessions
from app.build import build, build_engine
from app.kit.logs import start_logging
from app.kit.memory import settle_in
from app.onboarding.jobs import advance_onboardings
from app.onboarding.models import Onboarding
from app.onboarding.walker import Walker
from app.runtime import Runtime
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from app.work.beats import keep_beating
from app.work.streams import Stream, Streams
from config import load

HANDS = 8  # threads that answer wake-ups; each stream is taken by one at a time


def streams_of(rt: Runtime) -> dict[str, Stream]:
    """Which rows become due, and the verb that takes them."""
    return {
        "onboardings": Stream(partial(advance_onboardings, Walker(rt)), Onboarding, hears_all=True),
        "notifications": Stream(partial(read_notifications, rt), Notification),
        "old_sessions": Stream(partial(forget_old_sessions, rt.db)),
    }


def main() -> None:
    settings = load()
    start_logging(settings.log_level)
    rt = build(settings)
    streams = Streams(rt.db, build_engine(settings), streams_of(rt), threads=HANDS)
    keep_beating(rt.db, streams.name, "worker")
    settle_in()
    try:
        streams.run()
    finally:
        rt.close()


if __name__ == "__main__":
    main()
