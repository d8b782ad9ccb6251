"""What arrives when staff or a program adopt accounts or enter one by hand: checked here, once, for every door."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, SecretStr, StringConstraints, model_validator

from app.kit.errors import Fault, InvalidInput
from app.kit.faults import checked
from app.kit.secret import Secret
from app.onboarding.arrivals.adoption import MOST, Order
from app.onboarding.arrivals.beginnings import ClientChoice
from app.onboarding.arrivals.by_hand import Entry
from app.web.fields import Form, Line

Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_]{1,64}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
ADOPT_EXAMPLE: Final[dict[str, Any]] = {
    "accounts": [
        {"waba_id": "524126980791429", "share_credit": True, "external_ref": "crm-20418"},
        {"waba_id": "503299000000001"},
    ],
    "dry_run": True,
}
ENTRY_EXAMPLE: Final[dict[str, Any]] = {
    "account_id": "524126980791429",
    "number_id": "106540352242922",
    "token": "EAAG…",
    "external_ref": "crm-20418",
    "client_name": "Example Bakery",
    "share_credit": True,
}
LONGEST_TOKEN: Final = 2_000


class WhoseForm(Form):
    """Whose the account is: one of these, or none for the client that has accounts of the same portfolio already."""

    client_id: Key | None = Field(default=None, description="A client of ours, by our key.")
    external_ref: Line | None = Field(default=None, description="Your own key for the client; made if it is new.")
    client_name: Line | None = Field(default=None, description="What a new client is called; else as Meta calls it.")

    @model_validator(mode="after")
    def _one_key(self) -> "WhoseForm":
        if self.client_id is not None and (self.external_ref is not None or self.client_name is not None):
            raise ValueError("give `client_id` alone, or `external_ref` and `client_name`")
        return self

    def choice(self) -> ClientChoice:
        return ClientChoice(self.client_id, self.external_ref, self.client_name)


class OrderForm(WhoseForm):
    """One account to adopt."""

    waba_id: Id
    share_credit: bool = Field(
        default=False, strict=True, description="Share our credit line if nobody pays for the account yet."
    )

    def order(self) -> Order:
        return Order(self.waba_id, self.share_credit, self.choice())


class AdoptForm(Form):
    """Accounts to adopt. A dry run, which it is unless you say otherwise, only tells what would happen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [ADOPT_EXAMPLE]},
        openapi_extra={"example": ADOPT_EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    accounts: list[OrderForm] = Field(min_length=1, max_length=MOST)
    dry_run: bool = Field(default=True, strict=True)

    def orders(self) -> list[Order]:
        return [one.order() for one in self.accounts]


class EntryForm(WhoseForm):
    """An account entered by hand, with the token of a system user that may use it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [ENTRY_EXAMPLE]},
        openapi_extra={"example": ENTRY_EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    account_id: Id
    number_id: Id | None = Field(default=None, description="Of several numbers this one alone; all of them if absent.")
    token: SecretStr = Field(description="It is inspected, sealed, and never shown again.")
    share_credit: bool = Field(default=True, strict=True, description="Our credit line pays, as for every signup.")

    def entry(self) -> Entry:
        return Entry(self.account_id, self.number_id, self.choice(), self.share_credit)

    def secret(self) -> Secret:
        """The token, or `InvalidInput` for what cannot be one."""
        return read_token(self.token.get_secret_value())


def read_token(typed: str) -> Secret:
    """A pasted token without the space around it. `InvalidInput`, whose words hold nothing of it."""
    token = typed.strip()
    if not token:
        raise InvalidInput([Fault("token", "is required")])
    if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise InvalidInput([Fault("token", "does not look like a token: one word of letters, digits and few signs")])
    return Secret(token)


def read_entry(given: Mapping[str, Any]) -> tuple[Entry, Secret]:
    """Entry and token in a mapping of `EntryForm`'s shape, or `InvalidInput` with every broken rule."""
    form = checked(EntryForm, given)
    return form.entry(), form.secret()


def read_orders(given: Mapping[str, Any]) -> list[Order]:
    """The orders in a mapping of `AdoptForm`'s shape, or `InvalidInput` with every broken rule."""
    return checked(AdoptForm, given).orders()
