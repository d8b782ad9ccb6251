"""What a person can let happen to the number of the chat: each is one ``/_sandbox/`` door, opened by the page."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """One button. In ``door`` stand {number} and {account} for the ids of the chosen ones."""

    label: str
    door: str
    body: dict[str, Any]

    @property
    def sent(self) -> str:
        """The body as the page sends it."""
        return json.dumps(self.body)


_NUMBER, _ACCOUNT, _EVENTS = "POST /numbers/{number}", "POST /accounts/{account}", "POST /accounts/{account}/events"

ACTS = (
    Act("Approve its name", _NUMBER, {"name_status": "APPROVED"}),
    Act("Decline its name", _NUMBER, {"name_status": "DECLINED", "rejection_reason": "NAME_EMPLOYEE_OR_LOCATION"}),
    Act("Set another PIN", _NUMBER, {"two_step": True}),
    Act("Switch two-step off", _NUMBER, {"two_step": False}),
    Act("Reject its account", _ACCOUNT, {"review_status": "REJECTED"}),
    Act("Approve its account", _ACCOUNT, {"review_status": "APPROVED"}),
    Act("Phone app leaves", _EVENTS, {"event": "offboard"}),
    Act("Phone app comes back", _EVENTS, {"event": "reconnect"}),
    Act("Let its token expire", "POST /tokens", {"account_id": "{account}", "expires_in": 0}),
    Act("Owner removes the app", _EVENTS, {"event": "app_uninstalled"}),
    Act("Owner removes the partner", _EVENTS, {"event": "partner_removed"}),
    Act("Take it out of its account", "DELETE /numbers/{number}", {}),
)
SHARE = Act("Share an account without a signup", "POST /share", {})
