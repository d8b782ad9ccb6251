from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.clients.store import add_client
from app.db import Database
from app.numbers import store

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class Words:
    """What Meta says of an account."""

    id: str = "524126980791429"
    name: str | None = "Example Bakery"
    currency: str | None = "USD"
    country: str | None = "US"
    review_status: str | None = "APPROVED"
    owner_business_id: str | None = "2729063490586005"


@dataclass(frozen=True)
class NumberWords:
    """What Meta says of a number."""

    id: str = "106540352242922"
    display_phone_number: str | None = "+1 555-010-0110"
    verified_name: str | None = "Example Bakery"
    status: str | None = "PENDING"
    code_verification_status: str | None = "VERIFIED"
    name_status: str | None = "APPROVED"
    quality_rating: str | None = "GREEN"
    platform_type: str | None = "NOT_APPLICABLE"
    is_on_biz_app: bool | None = False


def new_client(db: Database) -> str:
    with db.write() as session:
        return add_client(
            session, name="X", external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        ).id


def keep(db: Database, client: str, account: Words, number: NumberWords, *, now: datetime = NOON) -> tuple[str, str]:
    with db.write() as session:
        row = store.keep_account(session, client, account, shared_at=now, now=now)
        kept = store.keep_number(session, row.id, number, now=now)
        session.flush()
        return row.id, kept.id


def test_what_meta_says_is_kept_and_later_renewed_in_the_same_rows(db: Database) -> None:
    client = new_client(db)
    first = keep(db, client, Words(), NumberWords())
    connected = replace(NumberWords(), status="CONNECTED", platform_type="CLOUD_API", quality_rating=None)
    assert keep(db, client, replace(Words(), name="Bakery 2", currency=None), connected, now=LATER) == first
    with db.read() as session:
        account = store.find_account(session, client, "524126980791429")
        number = store.find_number(session, client, "524126980791429", "106540352242922")
    assert account is not None
    assert number is not None
    assert (account.name, account.currency, account.business_id, account.seen_at) == (
        "Bakery 2",
        None,
        "2729063490586005",
        LATER,
    )
    assert (number.status, number.platform_type, number.quality_rating) == ("CONNECTED", "CLOUD_API", None)
    assert (number.display_phone_number, number.verified_name, number.name_status, number.is_on_biz_app) == (
        "+1 555-010-0110",
        "Example Bakery",
        "APPROVED",
        False,
    )
    assert number.seen_at == LATER


def test_one_number_may_belong_to_several_accounts_and_clients(db: Database) -> None:
    mine, other = new_client(db), new_client(db)
    rows = {
        keep(db, mine, Words(), NumberWords()),
        keep(db, mine, Words(id="999999999999999"), NumberWords()),
        keep(db, other, Words(), NumberWords()),
    }
    assert len({number for _, number in rows}) == 3


@pytest.mark.parametrize(
    ("client", "waba", "number"),
    [
        ("other", "524126980791429", "106540352242922"),
        ("mine", "1", "106540352242922"),
        ("mine", "524126980791429", "1"),
    ],
)
def test_nothing_of_another_client_is_found(db: Database, client: str, waba: str, number: str) -> None:
    clients = {"mine": new_client(db), "other": new_client(db)}
    keep(db, clients["mine"], Words(), NumberWords())
    with db.read() as session:
        assert store.find_number(session, clients[client], waba, number) is None
        assert (store.find_account(session, clients[client], waba) is None) is (
            (client, waba) != ("mine", "524126980791429")
        )
