"""Moments, keys and secrets of the credentials' tests. None of them opens anything anywhere."""

from datetime import UTC, datetime, timedelta

from app.credentials.envelope import Sealed
from app.kit.secret import Secret

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
IN_60_DAYS = NOON + timedelta(days=60)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
TOKEN = Secret("EAAsampleTokenOfTheExampleBakery0001")
NEXT_TOKEN = Secret("EAAsampleTokenOfTheExampleBakery0002")
PIN = Secret("402913")
WABA = "524126980791429"

# Made once with the bare cipher, from data key 100…131 and nonces 0…11 and 12…23, for the row `0192-row` of the client
# `0192-client`. Rows sealed today must open for ever: if these bytes stop opening, the format has changed and needs a
# new version byte.
KEPT = Sealed(
    secret=bytes.fromhex("01000102030405060708090a0bdaea7918f81e95bdd258db863d1abeeca2279d3b4bdbb8b835618068"),
    data_key=bytes.fromhex(
        "010c0d0e0f1011121314151617fc9b0fbf171f96385b4726bae1fa549421769b998e0441d1e7df849f6421427972671b2efa7fed82965e9b20389ec12e"
    ),
    key_id="630dcd29",
)
