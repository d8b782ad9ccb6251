"""No table that has rows of a client is forgotten."""

from app.models import Base
from app.records.holdings import CALLED, HOLDINGS

# By hand: tables that name no client, directly or through another, and tables that must stay, each with the reason.
NOBODYS = {
    "api_keys": "the partner's own programs",
    "audit_entries": "who did what, by ids; it proves the erasure",
    "beats": "processes of this house",
    "leaderships": "processes of this house",
    "notifications": "raw bytes; erased by app/webhooks/inbox.py",
    "paces": "how fast this house calls Meta",
    "schedules": "the clock",
    "sign_in_tries": "staff",
    "staff": "staff",
    "staff_sessions": "staff",
    "ticks": "the clock",
}


def test_every_table_is_held_or_nobodys() -> None:
    held = {holding.table.__tablename__ for holding in HOLDINGS}
    assert held | NOBODYS.keys() == set(Base.metadata.tables)
    assert held & NOBODYS.keys() == set()


def test_what_refers_to_a_client_through_another_table_is_held() -> None:
    """By the foreign keys alone: whatever leads to `clients` in the end."""
    leads = {"clients"}
    while True:
        more = {
            name
            for name, table in Base.metadata.tables.items()
            if any(key.column.table.name in leads for key in table.foreign_keys)
        }
        if more <= leads:
            break
        leads |= more
    assert leads - {holding.table.__tablename__ for holding in HOLDINGS} == set()


def test_rows_are_erased_before_what_they_refer_to() -> None:
    place = {holding.table.__tablename__: at for at, holding in enumerate(HOLDINGS)}
    wrong = [
        (name, key.column.table.name)
        for name in place
        for key in Base.metadata.tables[name].foreign_keys
        if key.column.table.name != name and place[name] > place[key.column.table.name]
    ]
    assert wrong == []


def test_what_is_held_has_a_word_for_people() -> None:
    assert set(CALLED) == {holding.table.__tablename__ for holding in HOLDINGS}
