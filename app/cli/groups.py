"""Every group of commands, and the commands that need none, put under `flask`."""

from flask import Flask

from app.cli.accounts import accounts
from app.cli.api_keys import api_keys
from app.cli.backup import backup
from app.cli.by_hand import onboardings
from app.cli.checks import checks
from app.cli.doctor import doctor
from app.cli.errors import errors
from app.cli.funnel import funnel
from app.cli.incidents import incidents
from app.cli.keys import keys
from app.cli.links import links
from app.cli.privacy import privacy
from app.cli.staff import staff
from app.cli.tokens import tokens
from app.cli.unclaimed import unclaimed

GROUPS = (
    accounts,
    api_keys,
    backup,
    checks,
    doctor,
    errors,
    funnel,
    incidents,
    keys,
    links,
    onboardings,
    privacy,
    staff,
    tokens,
    unclaimed,
)


def register(app: Flask) -> None:
    """Give an application its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
