"""What to write to a client with a link: ready to send, in the client's language, as plain text."""

from dataclasses import dataclass, field

from app.kit.secret import Secret
from app.onboarding.links.links import NewLink
from app.onboarding.window.endings import Ending
from app.web.languages import _, speaking
from app.web.times import NO_BREAK, day


@dataclass(frozen=True)
class Invitation:
    """A message to send by whatever way the client is reached. `address` opens the page: whoever has it may sign up."""

    subject: str
    address: str = field(repr=False)
    text: str = field(repr=False)


def write_invitation(
    made: NewLink, *, public_url: str, partner: str, followed: bool = False, ending: Ending | None = None
) -> Invitation:
    """The message for a new link. `followed`: the client had one before; `ending`: where it stopped then."""
    address = address_of(made.token, public_url)
    client, name = made.client.name, made.client.contact_name
    # No sentence is put together inside another text: whoever collects them for translation would not see it.
    with speaking(made.client.language):
        until = day(made.link.expires_at).replace(NO_BREAK, " ")
        opens = _("This link opens the page where %(client)s is connected to WhatsApp:", client=client)
        helps = _("The page says what helps.")
        parts = [
            _("Hello %(name)s,", name=name) if name else _("Hello,"),
            f"{_(ending.happened)} {helps}" if ending is not None else "",
            f"{opens}\n{address}",
            _("Most finish in five minutes. It works until %(day)s.", day=until),
            _("The link you got before has ended.") if followed else "",
            partner,
        ]
        subject = _("Connect %(client)s to WhatsApp", client=client)
    return Invitation(subject, address, "\n\n".join(part for part in parts if part))


def address_of(token: Secret, public_url: str) -> str:
    """Where a link's token opens its page; told once and kept nowhere."""
    return f"{public_url}/connect/{token.reveal()}"
