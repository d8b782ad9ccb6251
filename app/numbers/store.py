"""Find and keep accounts and numbers."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.numbers.models import Account, Number

REVIEW = "account_review_update"  # Meta's field for its review of an account


class AccountWords(Protocol):
    """What Meta says of an account."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def review_status(self) -> str | None: ...
    @property
    def owner_business_id(self) -> str | None: ...


class NumberWords(Protocol):
    """What Meta says of a number."""

    @property
    def id(self) -> str: ...
    @property
    def display_phone_number(self) -> str | None: ...
    @property
    def verified_name(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def code_verification_status(self) -> str | None: ...
    @property
    def name_status(self) -> str | None: ...
    @property
    def quality_rating(self) -> str | None: ...
    @property
    def platform_type(self) -> str | None: ...
    @property
    def is_on_biz_app(self) -> bool | None: ...


def keep_account(
    session: Session, client_id: str, words: AccountWords, *, shared_at: datetime, now: datetime
) -> Account:
    """Add or renew our record of a client's account, brought by a signup that began at `shared_at`."""
    row = find_account(session, client_id, words.id)
    if row is None:
        row = Account(client_id=client_id, waba_id=words.id, seen_at=now)
        session.add(row)
    row.business_id = words.owner_business_id
    row.name = words.name
    row.currency = words.currency
    row.country = words.country
    if words.review_status is not None:
        row.told = {**(row.told or {}), REVIEW: {"decision": words.review_status, "at": now.isoformat()}}
    row.shared_at = max(shared_at, row.shared_at or shared_at)
    # Whoever shares it again has it again; `life.settle_account` says what Meta has told since.
    row.paused_at = row.ended_at = row.ended_because = row.ended_by = None
    row.seen_at = now
    session.flush()  # numbers refer to it
    return row


def keep_number(session: Session, account_id: str, words: NumberWords, *, now: datetime) -> Number:
    """Add or renew our record of a number inside one account."""
    row = session.scalars(
        select(Number).where(Number.account_id == account_id, Number.phone_number_id == words.id)
    ).one_or_none()
    if row is None:
        row = Number(account_id=account_id, phone_number_id=words.id, seen_at=now)
        session.add(row)
    row.display_phone_number = words.display_phone_number
    row.verified_name = words.verified_name
    row.status = words.status
    row.code_verification_status = words.code_verification_status
    row.name_status = words.name_status
    row.quality_rating = words.quality_rating
    row.platform_type = words.platform_type
    row.is_on_biz_app = words.is_on_biz_app
    row.ended_at = None
    row.seen_at = now
    return row


def see_account(session: Session, account_id: str, words: AccountWords, *, now: datetime) -> None:
    """Keep what Meta says of an account now. Who owns it and in which currency it pays stay what they were.

    Those are agreed on: that Meta says otherwise is for a person to settle.
    """
    row = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    row.name, row.country, row.seen_at = words.name or row.name, words.country or row.country, now
    row.business_id, row.currency = row.business_id or words.owner_business_id, row.currency or words.currency
    if words.review_status is not None and (row.told or {}).get(REVIEW, {}).get("decision") != words.review_status:
        row.told = {**(row.told or {}), REVIEW: {"decision": words.review_status, "at": now.isoformat()}}


def see_number(session: Session, number_id: str, words: NumberWords, *, now: datetime) -> None:
    """Keep what Meta says of a number now. Whether it lives on the phone app stays, as with an account's owner."""
    row = session.get_one(Number, number_id, populate_existing=True)
    row.display_phone_number = words.display_phone_number or row.display_phone_number
    row.verified_name = words.verified_name or row.verified_name
    row.status = words.status
    row.code_verification_status = words.code_verification_status
    row.name_status = words.name_status
    row.quality_rating = words.quality_rating
    row.platform_type = words.platform_type
    row.is_on_biz_app = words.is_on_biz_app if row.is_on_biz_app is None else row.is_on_biz_app
    row.seen_at = now


def find_account(session: Session, client_id: str, waba_id: str) -> Account | None:
    return session.scalars(
        select(Account).where(Account.client_id == client_id, Account.waba_id == waba_id)
    ).one_or_none()


def find_number(session: Session, client_id: str, waba_id: str, phone_number_id: str) -> Number | None:
    """The number as one client's account has it."""
    return session.scalars(
        select(Number)
        .join(Account, Account.id == Number.account_id)
        .where(Account.client_id == client_id, Account.waba_id == waba_id, Number.phone_number_id == phone_number_id)
    ).one_or_none()
