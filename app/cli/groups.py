"""Every group of commands, and the commands that need none, put under `flask`."""

from flask import Flask

from app.cli.api_keys import api_keys
from app.cli.doctor import doctor
from app.cli.funnel import funnel
from app.cli.keys import keys
from app.cli.links import links
from app.cli.onboarding_acts import onboardings
from app.cli.staff import staff
from app.cli.unclaimed import unclaimed

GROUPS = (api_keys, doctor, funnel, keys, links, onboardings, staff, unclaimed)


def register(app: Flask) -> None:
    """Give an application its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
