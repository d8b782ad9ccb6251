"""What the clock asks of the access rooms at night."""

from datetime import timedelta

from sqlalchemy import delete

from app.access.models import StaffSession
from app.db import Database
from app.kit import clock

KEEP_FOR = timedelta(days=30)


def forget_old_sessions(db: Database) -> int:
    """Forget staff sessions that ended a month ago; until then they show who was signed in. Returns how many went."""
    with db.write() as session:
        gone = session.execute(
            delete(StaffSession).where(StaffSession.expires_at < clock.now() - KEEP_FOR).returning(StaffSession.id)
        )
        return len(gone.all())
