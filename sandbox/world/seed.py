"""The example partner and the made-up Facebook users a fresh world starts with. Every name is plainly an example."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.world.accounts import add_account, add_business, add_number
from sandbox.world.example_numbers import EARLIER_PIN
from sandbox.world.ids import new_id, new_secret, new_token
from sandbox.world.numbers import hash_pin
from sandbox.world.state import App, Business, CreditLine, Person, SignupConfig, SystemUser
from sandbox.world.tokens import SIXTY_DAYS_S, issue_system_token
from sandbox.world.world import World

WHATSAPP_SCOPES = (
    "business_management",
    "whatsapp_business_management",
    "whatsapp_business_messaging",
    "public_profile",
)
SYSTEM_SCOPES = ("business_management", "whatsapp_business_management", "whatsapp_business_messaging")
DEFAULT_FIELDS = (
    "account_alerts",
    "account_update",
    "account_review_update",
    "business_capability_update",
    "history",
    "message_template_status_update",
    "messages",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "smb_message_echoes",
)


@dataclass(frozen=True)
class Partner:
    """Identity of the example partner; what is not given is made at random."""

    app_id: str = field(default_factory=new_id)
    app_secret: str = field(default_factory=new_secret, repr=False)
    app_name: str = "Example Connect"
    verify_token: str = field(default_factory=new_secret, repr=False)
    config_id: str = field(default_factory=new_id)
    config_id_never: str = field(default_factory=new_id)
    business_id: str = field(default_factory=new_id)
    credit_line_id: str = field(default_factory=lambda: new_id(16))
    admin_user_id: str = field(default_factory=new_id)
    admin_token: str = field(default_factory=new_token, repr=False)
    employee_user_id: str = field(default_factory=new_id)
    employee_token: str = field(default_factory=new_token, repr=False)
    callback_url: str | None = None
    domains: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    require_proof: bool = True


def seed(world: World, partner: Partner) -> None:
    """Fills an empty world with the partner, two signup configurations and three people."""
    with world.lock:
        _add_partner(world, partner)
        _add_people(world)


def _add_partner(world: World, partner: Partner) -> None:
    records = world.records
    business = Business(partner.business_id, "Example Partner Ltd", "US", "https://partner.example", verified=True)
    records.businesses[business.id] = business
    app = App(
        id=partner.app_id,
        name=partner.app_name,
        business_id=business.id,
        secret=partner.app_secret,
        verify_token=partner.verify_token,
        callback_url=partner.callback_url,
        fields=DEFAULT_FIELDS,
        app_domains=tuple(urlsplit(domain).hostname or domain for domain in partner.domains),
        privacy_policy_url="https://partner.example/privacy",
        terms_of_service_url="https://partner.example/terms",
        category="Business and pages",
        domains=partner.domains,
        redirect_uris=partner.redirect_uris,
        require_proof=partner.require_proof,
    )
    records.apps[app.id] = app
    for config_id, name, ttl in (
        (partner.config_id, "WhatsApp signup, 60 days", SIXTY_DAYS_S),
        (partner.config_id_never, "WhatsApp signup, never expires", None),
    ):
        records.configs[config_id] = SignupConfig(config_id, app.id, name, ttl, WHATSAPP_SCOPES)
    line = CreditLine(partner.credit_line_id, business.id, business.name)
    records.credit_lines[line.id] = line
    for user_id, name, role, token in (
        (partner.admin_user_id, "Admin system user", "ADMIN", partner.admin_token),
        (partner.employee_user_id, "Onboarding system user", "EMPLOYEE", partner.employee_token),
    ):
        user = SystemUser(user_id, business.id, name, role)
        records.system_users[user.id] = user
        issue_system_token(world, app, user, SYSTEM_SCOPES, value=token)


def _add_people(world: World) -> None:
    bakery = add_business(world, "Example Bakery", country="BR", website="https://bakery.example")
    bakery_account = add_account(world, bakery, "Example Bakery", timezone_id="25")
    number = add_number(world, bakery_account, "+5511300000085", "Example Bakery")
    number.code_status, number.status, number.platform_type = "VERIFIED", "CONNECTED", "CLOUD_API"
    number.registered_at, number.pin_hash = world.now(), hash_pin(number.id, EARLIER_PIN)
    flowers = add_business(world, "Example Flowers", country="US", website="https://flowers.example")
    people = (
        Person(
            new_id(15),
            "Alex Example",
            "alex@bakery.example",
            "Has a portfolio, an account, a connected number, and a role on the app.",
            admin_of=[bakery.id],
            has_role=True,
        ),
        Person(new_id(15), "Sam Example", "sam@newshop.example", "New to Meta: has no portfolio yet."),
        Person(
            new_id(15),
            "Robin Example",
            "robin@flowers.example",
            "Works for a portfolio but is not its admin.",
            employee_of=[flowers.id],
        ),
    )
    for person in people:
        world.records.people[person.id] = person
