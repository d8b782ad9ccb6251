"""Moments, keys and secrets of the credentials' tests. None of them opens anything anywhere."""

from datetime import UTC, datetime, timedelta

from app.kit.secret import Secret

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
IN_60_DAYS = NOON + timedelta(days=60)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
TOKEN = Secret("EAAsampleTokenOfTheExampleBakery0001")
NEXT_TOKEN = Secret("EAAsampleTokenOfTheExampleBakery0002")
PIN = Secret("402913")
WABA = "524126980791429"
