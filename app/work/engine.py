"""Huey, as we use it: worker threads and wake-ups. The database is the queue; what Huey loses, the workers' look finds.

`QUEUE_URL` chooses: empty = a SQLite file beside a bell (one machine), `redis://…` = many machines. A wake-up holds the
name of a stream and nothing else, and is signed, because Huey's own format is pickle and a Redis may be shared.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import structlog
from huey import Huey
from huey.serializer import SignedSerializer
from huey.storage import RedisStorage, SqliteStorage

from app.kit.secret import Secret
from app.work.bell import Bell

log = structlog.get_logger(__name__)

LOOK_AGAIN = 2.0  # seconds a thread sleeps on the bell before it looks at the file by itself


class BellStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's SQLite queue that waits on a bell instead of polling."""

    blocking = True  # tells Huey's workers that dequeue() itself waits

    def __init__(self, name: str, *, filename: str, bell: Bell, **options: object) -> None:
        self._bell = bell
        super().__init__(name, filename=filename, **options)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        self._bell.ring()

    def dequeue(self) -> bytes | None:
        found = super().dequeue()
        if found is None:
            self._bell.wait(LOOK_AGAIN)
            found = super().dequeue()
        return found  # type: ignore[no-any-return]


class Engine:
    """Carries wake-ups from whoever rings to whoever works."""

    def __init__(self, queue_url: str, data_dir: Path, signing_key: Secret) -> None:
        logging.getLogger("huey").setLevel(logging.WARNING)
        serializer = SignedSerializer(secret=signing_key.reveal(), salt="gangway-wakes")
        if queue_url:
            self.huey = Huey("gangway", results=False, serializer=serializer, storage_class=RedisStorage, url=queue_url)
        else:
            data_dir.mkdir(parents=True, exist_ok=True)
            self.huey = Huey(
                "gangway",
                results=False,
                serializer=serializer,
                storage_class=BellStorage,
                filename=str(data_dir / "wakes.db"),
                bell=Bell(data_dir / "bells"),
            )
        self._task = self.huey.task(name="wake")(self._wake)
        self._answer: Callable[[str], None] | None = None

    def ring(self, stream: str) -> None:
        """Wake a worker for a stream. A wake-up that cannot be carried is only logged: the poll will find the row."""
        self.is_carried(stream)

    def is_carried(self, stream: str) -> bool:
        """As `ring`; False when the carrier is away."""
        try:
            self._task(stream)
        except Exception as trouble:  # noqa: BLE001 - whatever the carrier's trouble is, the row is safe
            log.warning("wake_not_carried", stream=stream, trouble=type(trouble).__name__)
            return False
        return True

    def waiting(self) -> int:
        """How many wake-ups nobody has picked up yet; none while the carrier is away."""
        try:
            return int(self.huey.pending_count())
        except Exception as trouble:  # noqa: BLE001 - what cannot be counted must not keep a worker from looking
            log.warning("wakes_not_counted", trouble=type(trouble).__name__)
            return 0

    def close(self) -> None:
        """Let go of the carrier's connections."""
        self.huey.storage.close()

    def serve(self, answer: Callable[[str], None], *, threads: int) -> None:
        """Answer wake-ups until TERM (running work ends first) or INT; returns when every thread has stopped."""
        self._answer = answer
        consumer = self.huey.create_consumer(
            workers=threads, periodic=False, scheduler_interval=60, graceful_signal="TERM", shutdown_timeout=8
        )
        consumer.run()

    def _wake(self, stream: str) -> None:
        if self._answer is not None:
            self._answer(stream)
