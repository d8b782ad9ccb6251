"""What arrives when somebody orders a link, from whichever door: checked here, once, into a `LinkOrder`.

Field names and limits of `prefill` are Meta's own (`extras.setup` of the signup dialog); the other limits are ours.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.kit.faults import checked
from app.onboarding.links import LinkOrder
from app.onboarding.plans import ASKED
from app.web.languages import LANGUAGES, supported, tag_of
from config import LOOPBACK

EXAMPLE: Final[dict[str, Any]] = {
    "client_name": "Example Bakery",
    "external_ref": "crm-20418",
    "contact": {"name": "Alex Example", "email": "alex@bakery.example", "language": "pt-BR"},
    "plans": ["standard", "coexistence"],
    "prefill": {
        "business": {"name": "Example Bakery Ltd", "website": "https://bakery.example"},
        "phone": {"displayName": "Example Bakery", "category": "RESTAURANT"},
    },
    "return_urls": {"success": "https://crm.example/clients/20418"},
    "life_days": 30,
}
DAYS_MOST = 90
DAYS_USUAL = 30


def _one_line(text: str) -> str:
    if any(not letter.isprintable() for letter in text):
        raise ValueError("must be one line without control characters")
    return text


def _is_email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("is not an e-mail address") from None


def _is_language(text: str) -> str:
    known = supported(text)
    if known is None:
        raise ValueError(f"must be one of {', '.join(map(tag_of, LANGUAGES))}")
    return known


def _is_plan(text: str) -> str:
    if text not in ASKED:
        raise ValueError(f"must be one of {', '.join(ASKED)}")
    return text


def _is_return_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not safe or not host or parts.username is not None or not text.isascii() or re.search(r"[\s\\]", text):
        raise ValueError("must be an https address (http only for this very machine), without a user name")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
ShortLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_is_email)]
WebAddress = Annotated[str, StringConstraints(max_length=500), AfterValidator(_is_return_address)]
MetaId = Annotated[str, StringConstraints(pattern=r"^\d{5,32}$")]


class Form(BaseModel):
    """A form that refuses what it does not know, so that a misspelt field is told and not ignored."""

    model_config = ConfigDict(extra="forbid")


class Address(Form):
    """Where the business is; names are Meta's."""

    streetAddress1: ShortLine | None = None  # noqa: N815 - Meta's name
    streetAddress2: Annotated[str, StringConstraints(max_length=100)] | None = None  # noqa: N815 - Meta's name
    city: ShortLine | None = None
    state: ShortLine | None = None
    zipPostal: Annotated[str, StringConstraints(max_length=20)] | None = None  # noqa: N815 - Meta's name
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class BusinessPhone(Form):
    """The business's own phone, not the number that is connected."""

    code: Annotated[int, Field(ge=1, le=999)]
    number: Annotated[str, StringConstraints(pattern=r"^\d{4,14}$")]


class Business(Form):
    """What Meta's window is filled with for the portfolio: its `id`, or the other fields, never both."""

    id: MetaId | None = None
    name: ShortLine | None = None
    email: Email | None = None
    website: WebAddress | None = None
    address: Address | None = None
    phone: BusinessPhone | None = None
    timezone: Annotated[str, StringConstraints(pattern=r"^UTC[+-](0\d|1[0-4]):[0-5]\d$")] | None = None

    @model_validator(mode="after")
    def _either_id_or_fields(self) -> "Business":
        if self.id is not None and len(self.model_dump(exclude_none=True)) > 1:
            raise ValueError("give `id` or the other fields, not both")
        return self


class Phone(Form):
    """What Meta's window is filled with for the number's profile."""

    displayName: ShortLine | None = None  # noqa: N815 - Meta's name
    category: Annotated[str, StringConstraints(pattern=r"^[A-Z_]{3,40}$")] | None = None
    description: Annotated[str, StringConstraints(max_length=512)] | None = None


class Prefill(Form):
    """What the client need not type in Meta's window. Filling in never skips a screen."""

    business: Business | None = None
    phone: Phone | None = None


class Contact(Form):
    """The person at the client we write to. What is missing the signup page asks for."""

    name: Line | None = None
    email: Email | None = None
    language: Annotated[str, AfterValidator(_is_language)] | None = None


class ReturnUrls(Form):
    """Where the signup page offers to go afterwards."""

    success: WebAddress | None = None
    failure: WebAddress | None = None


class LinkForm(Form):
    """An order for a signup link."""

    # The second key is where flask-openapi3 looks for the example of a request.
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [EXAMPLE]},
        openapi_extra={"example": EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    client_name: Line
    external_ref: Line | None = Field(default=None, description="Your own key for the client; it stays one client.")
    contact: Contact = Contact()
    plans: list[Annotated[str, AfterValidator(_is_plan)]] = Field(default=list(ASKED), min_length=1, max_length=8)
    prefill: Prefill = Prefill()
    return_urls: ReturnUrls = ReturnUrls()
    life_days: int = Field(default=DAYS_USUAL, ge=1, le=DAYS_MOST, strict=True)

    def order(self) -> LinkOrder:
        """The order these values make."""
        return LinkOrder(
            client_name=self.client_name,
            external_ref=self.external_ref,
            contact_name=self.contact.name,
            contact_email=self.contact.email,
            language=self.contact.language,
            plans=tuple(dict.fromkeys(self.plans)),
            prefill=self.prefill.model_dump(exclude_none=True),
            return_urls=self.return_urls.model_dump(exclude_none=True),
            life=timedelta(days=self.life_days),
        )


def read_order(given: Mapping[str, Any]) -> LinkOrder:
    """The order in a mapping of `LinkForm`'s shape, or `InvalidInput` with every broken rule."""
    return checked(LinkForm, given).order()
