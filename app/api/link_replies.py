"""What the API says of links."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.onboarding.funnel.invitations import Invitation
from app.onboarding.links.link_list import LinkRow
from app.onboarding.window.openings import Opening
from app.web.languages import tag_of

CLIENT = {
    "id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b001",
    "name": "Example Bakery",
    "external_ref": "crm-20418",
    "contact": {"name": "Alex Example", "email": "alex@bakery.example", "language": "pt-BR"},
}
LINK: dict[str, Any] = {
    "id": "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010",
    "state": "open",
    "client": CLIENT,
    "plans": ["standard", "coexistence"],
    "created_at": "2026-11-20T12:00:00Z",
    "expires_at": "2026-12-20T12:00:00Z",
    "opened_at": None,
    "revoked_at": None,
    "revoked_because": None,
}
HOSTED_URL = "https://business.facebook.com/messaging/whatsapp/onboard/?app_id=100000000000001&config_id=…"
HOSTED_WORDS = (
    "Meta's own signup page for this client, without our page before it. What comes of it is told by Meta alone: "
    "pre-fill the client's portfolio, or the account may appear among the unclaimed ones."
)


class Shown(BaseModel):
    """A reply; its example appears in the document."""


def example(value: dict[str, Any]) -> ConfigDict:
    """The same example for the schema and for the media type."""
    return ConfigDict(json_schema_extra={"examples": [value]}, openapi_extra={"example": value})  # type: ignore[typeddict-unknown-key]


OPENING: dict[str, Any] = {
    "opened_at": "2026-11-20T12:05:02Z",
    "plan": "standard",
    "event": "CANCEL",
    "screen": "PHONE_NUMBER_VERIFICATION",
    "error_id": None,
    "error_message": None,
    "session_id": "f34b51dab5e0498",
    "ending": "stopped_at_the_code",
    "says": "Stopped at the six-digit code",
    "do": "The code did not come: is the number right, can it take a call, does a voice menu answer?",
}


class ContactReply(Shown):
    """The person at the client we write to."""

    name: str | None
    email: str | None
    language: str | None


class ClientReply(Shown):
    """The business a link is for."""

    id: str
    name: str
    external_ref: str | None
    contact: ContactReply


class LinkReply(Shown):
    """A signup link without its address, which is told once, when the link is made."""

    model_config = example(LINK)

    id: str
    state: Literal["open", "expired", "revoked"]
    client: ClientReply
    plans: list[str]
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    revoked_because: str | None


class NewLinkReply(LinkReply):
    """A link just made. `url` is told here and never again: we keep only its hash."""

    model_config = example({**LINK, "url": "https://connect.partner.example/connect/Xk3v…", "hosted_url": HOSTED_URL})

    url: str
    hosted_url: str = Field(description=HOSTED_WORDS)


class MessageReply(Shown):
    """A text to send with the link, in the client’s language; it holds the address."""

    subject: str
    text: str


class FollowUpReply(NewLinkReply):
    """A link just made for a client that stopped, and the words to send it with. Both are told here and never again."""

    model_config = example(
        {
            **LINK,
            "url": "https://connect.partner.example/connect/Xk3v…",
            "hosted_url": HOSTED_URL,
            "message": {
                "subject": "Connect Example Bakery to WhatsApp",
                "text": "Hello Alex Example,\n\nYou stopped at the six-digit code. The page says what helps.\n\n…",
            },
        }
    )

    message: MessageReply


class OpeningReply(Shown):
    """One opening of Meta’s window. `ending` is null while it may be open, and where it brought an onboarding.

    `error_id`, `error_message` and `session_id` are Meta’s own and what its support asks for; `says` and `do` are ours.
    """

    model_config = example(OPENING)

    opened_at: datetime
    plan: str | None
    event: str | None
    screen: str | None
    error_id: str | None
    error_message: str | None
    session_id: str | None
    ending: str | None
    says: str | None
    do: str | None


class LinkWithOnboardingsReply(LinkReply):
    """A link, how far it has brought its client, the onboardings that came through it, and every opening of Meta’s
    window; newest first."""

    model_config = example(
        {
            **LINK,
            "opened_at": "2026-11-20T12:04:10Z",
            "stage": "window",
            "onboardings": [],
            "openings": [OPENING],
            "hosted_url": HOSTED_URL,
        }
    )

    stage: Literal["made", "opened", "window", "finished", "connected", "live"]

    onboardings: list[str]
    openings: list[OpeningReply]
    hosted_url: str = Field(description=HOSTED_WORDS)


class LinkListReply(Shown):
    """Links, newest first. `next` is the `before` of the page that follows; null on the last one."""

    model_config = example({"links": [LINK], "next": None})

    links: list[LinkReply]
    next: str | None


def told_opening(opening: Opening) -> OpeningReply:
    """An opening in the words of the API."""
    ending = opening.ending
    return OpeningReply(
        opened_at=opening.opened_at,
        plan=opening.plan_asked,
        event=opening.event_kind,
        screen=opening.screen,
        error_id=opening.error_id,
        error_message=opening.error_message,
        session_id=opening.session_id,
        ending=ending.key if ending else None,
        says=ending.staff if ending else None,
        do=ending.staff_do if ending else None,
    )


def told_message(invitation: Invitation) -> MessageReply:
    return MessageReply(subject=invitation.subject, text=invitation.text)


def told(row: LinkRow) -> dict[str, Any]:
    """A link's row in the words of `LinkReply`."""
    contact = {
        "name": row.contact_name,
        "email": row.contact_email,
        "language": tag_of(row.language) if row.language else None,
    }
    return {
        "id": row.id,
        "state": row.state,
        "client": {
            "id": row.client_id,
            "name": row.client_name,
            "external_ref": row.external_ref,
            "contact": contact,
        },
        "plans": list(row.plans),
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "opened_at": row.opened_at,
        "revoked_at": row.revoked_at,
        "revoked_because": row.revoked_because,
    }
