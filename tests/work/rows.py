"""Due rows for the tests of the queue: onboardings are the table that has them."""

from datetime import UTC, datetime, timedelta

from app.clients.store import add_client
from app.db import Database
from app.onboarding.models import Onboarding

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=8)
SECOND = timedelta(seconds=1)


def add_rows(db: Database, *due: datetime | None) -> list[str]:
    """One row for each due time, all of one example client; their keys in that order."""
    keys = []
    with db.write() as session:
        client = add_client(
            session,
            name="Example Bakery",
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=NOON,
        )
        for place, at in enumerate(due):
            row = Onboarding(
                reference=f"onb_{place:04}", client_id=client.id, test_word="K7QX", begun_at=NOON, due_at=at
            )
            session.add(row)
            session.flush()
            keys.append(row.id)
    return keys


def get_row(db: Database, key: str) -> Onboarding:
    with db.read() as session:
        return session.get_one(Onboarding, key)
