"""The people who write to businesses: found by number, named to each portfolio by an id of its own (BSUID)."""

import hashlib

from sandbox.world.example_numbers import read_digits
from sandbox.world.state import Account, Contact, Number
from sandbox.world.world import World

WINDOW_S = 24 * 3600
_COUNTRIES = (("55", "BR"), ("49", "DE"), ("44", "GB"), ("34", "ES"), ("52", "MX"), ("91", "IN"), ("1", "US"))


def find_or_add_contact(world: World, digits: str, name: str | None = None) -> Contact:
    """The contact with this number; made on first sight. A number ending in 0009 hides itself behind a username."""
    digits = read_digits(digits)
    with world.lock:
        contact = world.records.contacts.get(digits)
        if contact is None:
            contact = Contact(digits, name or f"Example Contact {digits[-4:]}", hides_number=digits.endswith("0009"))
            world.records.contacts[digits] = contact
        elif name:
            contact.name = name
        return contact


def find_contact_by_user_id(world: World, business_id: str, user_id: str) -> Contact | None:
    """The contact whom this portfolio knows by the BSUID."""
    for contact in list(world.records.contacts.values()):
        if user_id_for(contact, business_id) == user_id:
            return contact
    return None


def user_id_for(contact: Contact, business_id: str) -> str:
    """The contact's BSUID: country, dot, digits; another one for every portfolio."""
    country = next((code for prefix, code in _COUNTRIES if contact.digits.startswith(prefix)), "US")
    digest = hashlib.sha256(f"{business_id}:{contact.digits}".encode()).digest()
    return f"{country}.{int.from_bytes(digest[:8], 'big'):020}"


def is_window_open(world: World, number: Number, contact: Contact) -> bool:
    """Whether the contact wrote to this number within the last 24 hours."""
    last = contact.windows.get(number.id)
    return last is not None and world.now() - last < WINDOW_S


def describe_contact(contact: Contact, account: Account) -> dict[str, object]:
    """An element of ``contacts[]`` in an inbound webhook; without ``wa_id`` for who hides the number."""
    profile: dict[str, object] = {"name": contact.name}
    described: dict[str, object] = {"profile": profile}
    if contact.hides_number:
        profile["username"] = f"example.contact.{contact.digits[-4:]}"
    else:
        described["wa_id"] = contact.digits
    described["user_id"] = user_id_for(contact, account.owner_business_id)
    return described
