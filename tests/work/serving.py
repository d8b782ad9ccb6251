"""A worker process for the tests of engine and streams: `python -m tests.work.serving DATABASE DATA_DIR [QUEUE_URL]`.

It writes one line for everything it does. `tidy` is a stream that only runs when rung; `onboardings` has due rows.
`fails` fails every time.
"""

import sys
from pathlib import Path

from app.db import Database
from app.kit import clock
from app.kit.secret import Secret
from app.onboarding.models import Onboarding
from app.work.due import claim, settle
from app.work.engine import Engine
from app.work.streams import Stream, Streams
from tests.work.rows import LEASE

KEY = Secret("a-signing-key-for-tests-and-nothing-else-0002")


def main(database: str, data_dir: str, queue_url: str = "") -> None:
    db = Database(database)

    def say(word: str) -> None:
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()

    def tidy(_worker: str) -> int:
        say("tidied")
        return 0

    def fail(_worker: str) -> int:
        raise RuntimeError

    def take(worker: str) -> int:
        with db.write() as session:
            keys = claim(session, Onboarding, worker=worker, now=clock.now(), lease=LEASE, most=1)
            for key in keys:
                settle(session, Onboarding, key, worker=worker, due_at=None)
                say(f"took {key}")
        return len(keys)

    streams = {"onboardings": Stream(take, Onboarding), "tidy": Stream(tidy), "fails": Stream(fail)}
    say("ready")
    Streams(db, Engine(queue_url, Path(data_dir), KEY), streams, threads=3).run()
    say("ended")


if __name__ == "__main__":
    main(*sys.argv[1:])
