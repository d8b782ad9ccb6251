"""Every group of commands, and the commands that need none, put under `flask`."""

from flask import Flask

from app.cli.accounts import accounts
from app.cli.api_keys import api_keys
from app.cli.by_hand import onboardings
from app.cli.checks import checks
from app.cli.doctor import doctor
from app.cli.errors import errors
from app.cli.funnel import funnel
from app.cli.keys import keys
from app.cli.links import links
from app.cli.staff import staff
from app.cli.unclaimed import unclaimed

GROUPS = (accounts, api_keys, checks, doctor, errors, funnel, keys, links, onboardings, staff, unclaimed)


def register(app: Flask) -> None:
    """Give an application its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
