"""What arrives when somebody orders a link, from whichever door: checked here, once, into a `LinkOrder`.

Field names and limits of `prefill` are Meta's own (`extras.setup` of the signup dialog); the other limits are ours.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from app.kit.faults import checked
from app.onboarding.links.links import LinkOrder
from app.onboarding.plans import ASKED
from app.web.fields import Email, Form, Language, Line, ShortLine, WebAddress

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


def _is_plan(text: str) -> str:
    if text not in ASKED:
        raise ValueError(f"must be one of {', '.join(ASKED)}")
    return text


MetaId = Annotated[str, StringConstraints(pattern=r"^\d{5,32}$")]


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
    language: Language | None = None


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
