"""Why the world says no. Graph turns each into Meta's error envelope, the popup into a sentence."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refusal(Exception):
    """A rule of Meta's was broken. ``code`` and ``subcode`` are Meta's; ``extra`` joins the error object as it is.

    ``status`` overrides the HTTP status that goes with the code; ``bare`` leaves ``(#code)`` out of the message, as
    Meta does where the login and object layers speak.
    """

    code: int
    title: str
    details: str = ""
    subcode: int | None = None
    status: int | None = None
    bare: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(f"{self.code} {self.title}")
