"""The signup popup's rules, screen by screen. The dialog draws what stands here and decides nothing of its own.

Every operation takes the world and the :class:`Signup`, checks the screen, and returns the signup with its new
``screen``. A :class:`PopupError` is a sentence to show; the popup stays where it is, the error is kept in
``signup.last_error`` for :func:`report_error`. The way through (v4, number first)::

    begin → LOG_IN       log_in(person_id)                  list_people
          → PERMISSIONS  allow
          → NUMBER       enter_number | pick_number | take_meta_number | skip_number    list_numbers, EXAMPLES
          → CODE         check_code | send_code | skip_code  (new numbers only; signup.hint_code is what the SIM got)
          → PORTFOLIO    pick_business | create_business     list_businesses
          → PHONE_APP    confirm_phone_app                   (only where signup.is_phone_app)
          → ACCOUNT      pick_account | create_account       list_accounts
          → REVIEW       confirm
          → SUCCESS      finish → Finished(code, event, …)
    any screen before SUCCESS: cancel → CANCEL event; after an error: report_error → CANCEL (or ERROR) event

``take_meta_number`` and ``enter_number`` decide by the number (``example_numbers.EXAMPLES``); the person never chooses
coexistence, the number does. :func:`play` runs a whole popup in one go for ``POST /_sandbox/signups``.
"""

from sandbox.world.example_numbers import EXAMPLES, Example, NumberKind, find_example, to_display
from sandbox.world.signup.assets import (
    confirm,
    confirm_phone_app,
    create_account,
    create_business,
    pick_account,
    pick_business,
)
from sandbox.world.signup.finish import cancel, finish, report_error
from sandbox.world.signup.number import (
    check_code,
    enter_number,
    pick_number,
    send_code,
    skip_code,
    skip_number,
    take_meta_number,
    take_preverified_number,
)
from sandbox.world.signup.plans import PLANS, Wish, play
from sandbox.world.signup.start import (
    allow,
    begin,
    find,
    get_person,
    list_accounts,
    list_businesses,
    list_numbers,
    list_people,
    log_in,
)
from sandbox.world.signup.state import CURRENT_STEP, Finished, PopupError, Screen, Signup, Way

__all__ = [
    "CURRENT_STEP",
    "EXAMPLES",
    "PLANS",
    "Example",
    "Finished",
    "NumberKind",
    "PopupError",
    "Screen",
    "Signup",
    "Way",
    "Wish",
    "allow",
    "begin",
    "cancel",
    "check_code",
    "confirm",
    "confirm_phone_app",
    "create_account",
    "create_business",
    "enter_number",
    "find",
    "find_example",
    "finish",
    "get_person",
    "list_accounts",
    "list_businesses",
    "list_numbers",
    "list_people",
    "log_in",
    "pick_account",
    "pick_business",
    "pick_number",
    "play",
    "report_error",
    "send_code",
    "skip_code",
    "skip_number",
    "take_meta_number",
    "take_preverified_number",
    "to_display",
]
