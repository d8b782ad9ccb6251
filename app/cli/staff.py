"""`flask staff`: who may sign in to the console."""

import click

from app.access.staff import add_staff, disable_staff, get_by_email, list_staff, set_password
from app.cli.told import Commands, ask_password, moment, note, table
from app.kit import clock
from app.web.here import rt

staff = Commands("staff", help="The people who may sign in to the console.")


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as colleagues see it.")
def add(email: str, name: str) -> None:
    """Add a person; the password is asked for, or read from stdin."""
    password = ask_password()
    with rt().db.write() as session:
        person = add_staff(session, email, name, password, clock.now())
        address = person.email
    note(f"{address} may sign in at {rt().settings.public_url}/console/sign-in")


@staff.command("list")
def show() -> None:
    """List everybody, disabled people too."""
    with rt().db.read() as session:
        rows = [
            (person.email, person.name, moment(person.created_at), moment(person.disabled_at, never=""))
            for person in list_staff(session)
        ]
    table(("E-mail", "Name", "Since", "Disabled"), rows, empty="Nobody yet. Add somebody with: flask staff add")


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """End a person's access at once, open pages included."""
    with rt().db.write() as session:
        person = get_by_email(session, email)
        disable_staff(session, person, clock.now())
        address = person.email
    note(f"{address} is signed out everywhere and cannot sign in again.")


@staff.command("password")
@click.argument("email")
def password(email: str) -> None:
    """Give a person a new password; it is asked for, or read from stdin."""
    typed = ask_password()
    with rt().db.write() as session:
        person = get_by_email(session, email)
        set_password(session, person, typed, clock.now())
        address = person.email
    note(f"{address} has a new password and is signed out everywhere.")
