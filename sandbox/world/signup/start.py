"""The popup's first screens: which app opened it, who the person is, what they allow."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.world.grants import is_over_weekly_limit
from sandbox.world.signup.state import PopupError, Screen, Signup, Way
from sandbox.world.state import Account, Business, Number, Person
from sandbox.world.world import World


def begin(
    world: World,
    *,
    app_id: str,
    config_id: str,
    origin: str | None = None,
    redirect_uri: str | None = None,
    extras: dict[str, Any] | None = None,
    way: Way = Way.POPUP,
) -> Signup:
    """Opens the popup on its LOG_IN screen.

    ``origin`` is the page that called ``FB.login`` (checked against the app's domains, if it has any), ``redirect_uri``
    where a full page goes back to (a hosted one may have one, too). Raises :class:`PopupError` as Meta's popup does
    before anything else is shown.
    """
    with world.lock:
        app = world.records.apps.get(app_id)
        config = world.records.configs.get(config_id)
        if app is None:
            raise PopupError("Invalid App ID: The provided app ID does not look like a valid app ID.", "101")
        if config is None or config.app_id != app_id or config.removed:
            raise PopupError("Invalid parameter: config_id is not a configuration of this app.", "100")
        if origin is not None and app.domains and _host(origin) not in {_host(domain) for domain in app.domains}:
            raise PopupError("JSSDK Unknown Host domain: add it to the app's allowed domains.", "191")
        if redirect_uri is not None and redirect_uri not in app.redirect_uris:
            raise PopupError("URL blocked: the redirect URI is not white-listed in the app's settings.", "1349168")
        signup = Signup(config=config, extras=extras or {}, redirect_uri=redirect_uri, way=way)
        world.signups[signup.id] = signup
        return signup


def find(world: World, signup_id: str) -> Signup | None:
    """The open popup with this id."""
    signup = world.signups.get(signup_id)
    return signup if isinstance(signup, Signup) else None


def list_people(world: World) -> list[Person]:
    """The made-up Facebook users who may log in; ``about`` says what each is good for."""
    return [person for person in list(world.records.people.values()) if person.is_listed]


def log_in(world: World, signup: Signup, person_id: str) -> Signup:
    """LOG_IN → PERMISSIONS as that person. An app in development mode lets in those with a role on it alone."""
    expect(signup, Screen.LOG_IN)
    person = world.records.people.get(person_id)
    if person is None:
        raise PopupError("This user does not exist.")
    if not world.records.apps[signup.config.app_id].live and not person.has_role:
        raise refuse(signup, "App not active: this app is not accessible now. Its developer has to set it live.")
    signup.person_id = person_id
    return move(signup, Screen.PERMISSIONS)


def allow(world: World, signup: Signup) -> Signup:
    """PERMISSIONS → NUMBER: the person lets the app have what its configuration asks for."""
    del world
    expect(signup, Screen.PERMISSIONS)
    return move(signup, Screen.NUMBER)


def list_businesses(world: World, signup: Signup) -> list[Business]:
    """The portfolios the person may pick, also those they do not administer: picking such a one is refused."""
    person = get_person(world, signup)
    return [world.records.businesses[business_id] for business_id in [*person.admin_of, *person.employee_of]]


def list_accounts(world: World, signup: Signup) -> list[Account]:
    """The accounts of the portfolio the person picked; none for a portfolio that is only being created."""
    owned = world.records.accounts.values()
    return [account for account in list(owned) if account.owner_business_id == signup.business_id]


def list_numbers(world: World, signup: Signup) -> list[Number]:
    """Numbers in portfolios the person administers: the dropdown of the NUMBER screen."""
    person = get_person(world, signup)
    accounts = [a for a in list(world.records.accounts.values()) if a.owner_business_id in person.admin_of]
    return [world.records.numbers[number_id] for account in accounts for number_id in account.number_ids]


def get_person(world: World, signup: Signup) -> Person:
    """The person in front of the popup."""
    if signup.person_id is None:
        raise PopupError("Log in first.")
    return world.records.people[signup.person_id]


def expect(signup: Signup, *screens: Screen) -> None:
    """Raises :class:`PopupError` if the popup shows another screen: a form posted twice or out of order."""
    if signup.screen not in screens:
        raise PopupError("This step is already behind you. Go on from the screen you see.")


def move(signup: Signup, screen: Screen) -> Signup:
    """Shows the next screen; an error of the last one is forgotten."""
    signup.screen = screen
    signup.last_error = None
    return signup


def refuse_over_limit(world: World, signup: Signup, business_id: str | None) -> None:
    """Raises ``PopupError`` where the portfolio (None: a new one) is one customer too many for the app's week."""
    if is_over_weekly_limit(world, world.records.apps[signup.config.app_id], business_id):
        text = "This app cannot take on more businesses this week: it has reached its limit. Try again in a few days."
        raise refuse(signup, text)


def refuse(signup: Signup, message: str, error_id: str = "1357004") -> PopupError:
    """Remembers the error, so that the person can report it, and returns it to be raised."""
    signup.last_error = PopupError(message, error_id)
    return signup.last_error


def _host(address: str) -> str:
    parts = urlsplit(address if "//" in address else f"//{address}")
    return (parts.hostname or "").lower()
