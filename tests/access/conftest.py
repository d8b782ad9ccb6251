"""The people at the door."""

from datetime import UTC, datetime

import pytest

from app.access.models import Staff
from app.access.passwords import hash_password
from app.db import Database
from app.kit.secret import Secret

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RIGHT = "coral-harbour-lamp-42"


@pytest.fixture(scope="session")
def right_hash() -> str:
    """Hashing takes 0.2 s on purpose; one hash serves all tests."""
    return hash_password(Secret(RIGHT))


@pytest.fixture
def robin(db: Database, quick_hashing: None) -> Staff:
    right_hash = hash_password(Secret(RIGHT))
    with db.write() as session:
        staff = Staff(email="robin@partner.example", name="Robin Example", password_hash=right_hash, created_at=NOON)
        session.add(staff)
    return staff
