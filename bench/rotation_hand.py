"""One worker beside a rotation: reads and renews until its standard input ends, then prints what it saw as JSON.

`python -m bench.rotation_hand FIRST THREADS OF`: threads FIRST, FIRST + 1 … of OF in all. Each reads rows of everybody
and renews those of its own share, so that it knows which version of each must be the last. The settings are those of
any process of the house.
"""

import json
import random
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from app.build import build
from app.credentials.models import Credential
from app.credentials.succession import Heir
from app.kit import clock
from app.kit.secret import Secret
from app.runtime import Runtime
from config import load

KIND = "business_token"
ROWS, SCOPES, HEIRS = 60, 5, 20  # what one round opens at once, opens one by one, and renews
PAUSE = 0.2  # seconds between two rounds: a worker has other things to do as well


def token_of(subject: str, version: int) -> str:
    """The only right secret of a row."""
    return f"EAArow{subject}version{version}"


@dataclass
class Hand:
    """`scopes` is everybody's: subject to client. `renewed` holds the last version it wrote of each it has renewed."""

    rt: Runtime
    index: int
    of: int
    scopes: list[tuple[str, str]]
    current: dict[str, str]
    reads: int = 0
    wrong: list[str] = field(default_factory=list)
    renewed: dict[str, int] = field(default_factory=dict)
    renewals: int = 0

    def __post_init__(self) -> None:
        self._clients = dict(self.scopes)

    def work(self, ended: threading.Event) -> None:
        mine = [subject for subject, _ in self.scopes if int(subject) % self.of == self.index]
        luck = random.Random(self.index)
        while True:
            for step in (self._read_many, self._read_each):
                try:
                    step(luck)
                except Exception as trouble:  # noqa: BLE001 - whatever it was, somebody could not read
                    self.wrong.append(f"{step.__name__}: {type(trouble).__name__}")
            self._renew(luck.sample(mine, min(HEIRS, len(mine))))
            if ended.wait(PAUSE):
                return

    def _read_many(self, luck: random.Random) -> None:
        """All versions of some scopes, as the renewer opens them."""
        clients = [client for _, client in luck.sample(self.scopes, min(ROWS, len(self.scopes)))]
        with self.rt.db.read() as session:
            rows = session.execute(
                select(Credential.id, Credential.subject, Credential.version).where(
                    Credential.kind == KIND, Credential.client_id.in_(clients)
                )
            ).all()
            opened = self.rt.vault.open_many(session, [row.id for row in rows])
        for row in rows:
            secret = opened.get(row.id)
            self._judge(secret, row.subject, row.version)

    def _read_each(self, luck: random.Random) -> None:
        """The current one of a scope, as every call to Meta begins."""
        for subject, client in luck.sample(self.scopes, min(SCOPES, len(self.scopes))):
            with self.rt.db.read() as session:
                opened = self.rt.vault.open_current(session, kind=KIND, client_id=client, subject=subject)
                assert opened is not None, "one of them is always current"
                row = session.get_one(Credential, opened.credential_id)
                self._judge(opened.secret, subject, row.version)

    def _judge(self, secret: Secret | None, subject: str, version: int) -> None:
        self.reads += 1
        if secret is None or secret != Secret(token_of(subject, version)):
            self.wrong.append(f"{subject} version {version}: {'unreadable' if secret is None else 'wrong'}")

    def _renew(self, subjects: list[str]) -> None:
        now = clock.now()
        versions = {subject: self.renewed.get(subject, 1) + 1 for subject in subjects}
        heirs = [
            Heir(
                self.current[subject],
                KIND,
                self._clients[subject],
                Secret(token_of(subject, version)),
                {},
                now + timedelta(days=60),
            )
            for subject, version in versions.items()
        ]
        ready = self.rt.vault.prepare(heirs, now=now)
        with self.rt.db.write() as session:
            followed = self.rt.vault.succeed(session, ready, now=now)
        assert len(followed) == len(heirs), "nobody else renews these"
        self.current |= {subject: one.row_id for subject, one in zip(subjects, ready, strict=True)}
        self.renewed |= versions
        self.renewals += len(heirs)


def main(first: int, threads: int, of: int) -> None:
    rt, ended = build(load()), threading.Event()
    with rt.db.read() as session:
        rows = session.execute(
            select(Credential.subject, Credential.client_id, Credential.id).where(Credential.current_scope.is_not(None))
        ).all()
    scopes = [(row.subject, str(row.client_id)) for row in rows]
    current = {row.subject: row.id for row in rows}
    hands = [Hand(rt, index, of, scopes, current) for index in range(first, first + threads)]
    workers = [threading.Thread(target=hand.work, args=(ended,)) for hand in hands]
    for worker in workers:
        worker.start()
    print("ready", flush=True)
    sys.stdin.read()
    ended.set()
    for worker in workers:
        worker.join()
    rt.close()
    told = [{"reads": h.reads, "wrong": h.wrong, "renewed": h.renewed, "renewals": h.renewals} for h in hands]
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
