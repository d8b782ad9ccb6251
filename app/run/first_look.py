"""What a first look needs: somebody to sign in as, an API key, and one client's signup link.

All three are made by the product's own verbs, written to `DATA_DIR/demo.json` (mode 600) and used again as long as they
are still good. Never made beside a real Meta.
"""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.access.keys import SCOPES, find_key, make_key
from app.access.passwords import matches
from app.access.staff import add_staff, find_by_email, set_password
from app.audit.store import SYSTEM
from app.kit.errors import NotFound
from app.kit.secret import Secret
from app.onboarding.links.links import LinkOrder, create_link, get_link, state_of
from app.run.files import write_private
from app.runtime import Runtime

EMAIL = "staff@example.com"
CLIENT = LinkOrder(
    client_name="Example Bakery",
    external_ref="example-bakery",
    contact_name="Alex Example",
    contact_email="alex@example.com",
    language="en",
)


@dataclass(frozen=True)
class FirstLook:
    """The content of `demo.json`: addresses, and the three things that open doors."""

    base_url: str
    sandbox_url: str
    connect_url: str
    console_url: str
    staff_email: str
    staff_password: str
    api_key: str
    link_id: str


def prepare(rt: Runtime, sandbox_url: str, *, now: datetime) -> FirstLook:
    """Make or find again what `demo.json` holds, and write it with the addresses of this run."""
    path = rt.settings.data_dir / "demo.json"
    base_url = rt.settings.public_url
    before = _read(path)
    with rt.db.write() as session:
        link_id, token = _link(session, before, now=now)
        look = FirstLook(
            base_url=base_url,
            sandbox_url=sandbox_url,
            connect_url=f"{base_url}/connect/{token}",
            console_url=f"{base_url}/console",
            staff_email=EMAIL,
            staff_password="",
            api_key=_api_key(session, before, now=now),
            link_id=link_id,
        )
    look = replace(look, staff_password=_password(rt, before, now=now))
    write_private(path, json.dumps(asdict(look), indent=2) + "\n")
    return look


def _link(session: Session, before: dict[str, str], *, now: datetime) -> tuple[str, str]:
    """The link's id and the token of its address."""
    token = before.get("connect_url", "").rpartition("/")[2]
    try:
        if token and state_of(get_link(session, before.get("link_id", "")), now=now) == "open":
            return before["link_id"], token
    except NotFound:
        pass
    made = create_link(session, CLIENT, actor=SYSTEM, now=now)
    return made.link.id, made.token.reveal()


def _api_key(session: Session, before: dict[str, str], *, now: datetime) -> str:
    if find_key(session, before.get("api_key", ""), now):
        return before["api_key"]
    _, key = make_key(session, "First look", SCOPES, now)
    return key.reveal()


def _password(rt: Runtime, before: dict[str, str], *, now: datetime) -> str:
    """The sign-in's password. Checking one takes a while on purpose, so that happens with nothing open."""
    with rt.db.read() as session:
        staff = find_by_email(session, EMAIL)
    known = before.get("staff_password", "")
    if staff and known and staff.disabled_at is None and matches(staff.password_hash, Secret(known)):
        return known
    password = secrets.token_urlsafe(15)
    with rt.db.write() as session:
        staff = find_by_email(session, EMAIL)
        if staff is None:
            add_staff(session, EMAIL, "Sam Example", Secret(password), now)
        else:
            set_password(session, staff, Secret(password), now)
    return password


def _read(path: Path) -> dict[str, str]:
    try:
        found: Any = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
