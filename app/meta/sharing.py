"""The accounts that other portfolios share with ours, page by page (Meta's page: "Business: client WhatsApp accounts").

A partner may have thousands, so nobody reads them all at once: a page names the place where the next one begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kit.secret import Secret
from app.meta.accounts import FIELDS, Account, read_account
from app.meta.numbers import Number, read_number
from app.meta.replies import part, parts, promised_parts, text
from app.meta.transport import Graph

NUMBER_FIELDS: Final = (
    "id,display_phone_number,verified_name,status,code_verification_status,platform_type,is_on_biz_app,name_status"
)


@dataclass(frozen=True)
class SharedAccount:
    """An account with its numbers; `more_numbers` says that Meta left some out (it inlines the first page only)."""

    account: Account
    numbers: tuple[Number, ...]
    more_numbers: bool = False


@dataclass(frozen=True)
class SharedPage:
    """`after` continues the list, None at its end."""

    accounts: tuple[SharedAccount, ...]
    after: str | None


@dataclass(frozen=True)
class Sharing:
    """Calls about what is shared with a portfolio, with its own system token."""

    graph: Graph

    def accounts(self, business_id: str, token: Secret, *, after: str | None = None, limit: int = 25) -> SharedPage:
        """`GET /{portfolio}/client_whatsapp_business_accounts`: one page, the newest account first.

        An employee system user is shown the accounts it is assigned to, an admin all. `MetaRefused` (100) for a place
        that is no longer one.
        """
        params: dict[str, Any] = {
            "fields": f"{FIELDS},phone_numbers{{{NUMBER_FIELDS}}}",
            "sort": "creation_time_descending",
            "limit": limit,
            **({"after": after} if after else {}),
        }
        reply = self.graph.call("GET", f"/{business_id}/client_whatsapp_business_accounts", token=token, params=params)
        paging = part(reply, "paging")
        # Only the cursor is kept: Meta's ready-made address of the next page holds a token.
        place = text(part(paging, "cursors"), "after") if "next" in paging else None
        return SharedPage(tuple(_shared(row) for row in promised_parts(reply, "data")), place)


def _shared(row: Mapping[str, Any]) -> SharedAccount:
    numbers = part(row, "phone_numbers")
    return SharedAccount(
        account=read_account(row),
        numbers=tuple(read_number(one) for one in parts(numbers, "data")),
        more_numbers="next" in part(numbers, "paging"),
    )
