"""What a person reads in the terminal: where everything is, why it does not start, how it ended."""

from app.run.house import House
from app.run.processes import Ended
from config import SettingsRefused


def welcome(house: House) -> str:
    """The addresses, and with a stand-in for Meta the demo sign-in; it stands in `demo.json` as well."""
    look = house.first_look
    lines = ["", "Gangway is ready.", ""]
    if look is None:
        base = house.base_url
        lines += [
            f"  Console        {base}/console",
            f"  Notifications  {base}/api/webhooks/whatsapp  (the callback address for Meta's dashboard)",
        ]
    else:
        lines += [
            f"  Signup page    {look.connect_url}",
            "                 what Example Bakery gets to see: click Connect WhatsApp and follow it through",
            f"  Console        {look.console_url}",
            f"                 sign in as {look.staff_email} with the password {look.staff_password}",
            f"  Local Meta     {look.sandbox_url}",
            "                 be a contact's phone, watch the calls, switch faults on",
            f"  Command line   ENV_FILE={house.env_file} .venv/bin/flask --app wsgi onboardings list",
            f"  All of this    {house.data_dir / 'demo.json'}  (with an API key for {look.base_url}/v1)",
        ]
    return "\n".join([*lines, "", "Ctrl-C ends all of it.", ""])


def refused(problems: SettingsRefused) -> str:
    """Every problem at once, one a line, without any value."""
    listed = "\n".join(f"  {line}" for line in str(problems).splitlines())
    return f"Gangway cannot start. Missing or wrong settings:\n{listed}\nSee .env.example and docs/going-live.md."


def after(end: Ended) -> str:
    if end.name:
        return f"{end.name} ended with code {end.code}; ending the rest."
    return "Ending everything."
