"""What the page's script sends, checked into typed values. Every body names the link and the opening it is about."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from app.kit.errors import Fault, InvalidInput
from app.web.fields import Email, Form, Line

BrowserKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{16,64}$")]
YesNo = Literal["yes", "no"]


class Piece(Form):
    """`link` is the link's id, `state` the name the browser gave this opening of Meta's window."""

    link: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    state: BrowserKey


class Answers(Form):
    """The questions before the window; what was not asked is left out."""

    reachable: YesNo | None = None
    admin: Literal["yes", "no", "unsure"] | None = None
    partners_own: YesNo | None = None
    on_app: Literal["no", "private", "business"] | None = None
    elsewhere: YesNo | None = None
    two_step_off: Literal["yes", "no", "unsure"] | None = None


class Opened(Piece):
    """Meta's window is being opened."""

    plan: Annotated[str, StringConstraints(max_length=32)]
    answers: Answers = Answers()


class Code(Piece):
    """The code Meta gave, with the end event if that came first."""

    code: Annotated[str, StringConstraints(pattern=r"^[!-~]{8,2048}$")]
    event: dict[str, Any] | None = None


class Event(Piece):
    """The end event as Meta's window said it."""

    event: dict[str, Any]


class Abandoned(Piece):
    """A cancel or an error that Meta's window told, or a window closed by hand (no event) at some screen."""

    event: dict[str, Any] | None = None
    screen: Annotated[str, StringConstraints(max_length=100)] | None = None


class ContactForm(Form):
    """The person at the client we write to."""

    name: Line
    email: Email


def check_plan(plan: str, allowed: list[str]) -> str:
    """The plan, or `InvalidInput` when this link does not allow it."""
    if plan not in allowed:
        raise InvalidInput([Fault("plan", f"must be one of {', '.join(allowed)}")])
    return plan
