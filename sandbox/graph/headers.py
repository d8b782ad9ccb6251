"""The headers of every Graph answer: the world's time, version, trace, and how much of the limits is used up."""

import json
from email.utils import formatdate

from sandbox.graph.versions import OLDEST
from sandbox.usage import Usage
from sandbox.world.ids import new_id


def answer_headers(
    usage: Usage, *, version: str, asked: str | None, trace_id: str, now: float, subject: str | None
) -> dict[str, str]:
    """``subject`` is the account or business the call was about, None if it was about neither."""
    percent = usage.count("app", now)
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Date": formatdate(now, usegmt=True),
        "facebook-api-version": version,
        "x-fb-trace-id": trace_id,
        "x-fb-request-id": new_id(18),
        "x-app-usage": json.dumps({"call_count": percent, "total_cputime": percent, "total_time": percent}),
        "Cache-Control": "private, no-cache, no-store, must-revalidate",
    }
    if subject is not None:
        used = usage.count(subject, now)
        row = {
            "type": "whatsapp_business_management",
            "call_count": used,
            "total_cputime": used,
            "total_time": used,
            "estimated_time_to_regain_access": 0,
        }
        headers["x-business-use-case-usage"] = json.dumps({subject: [row]})
    if asked is not None and asked != version:
        text = f"The call has been auto-upgraded to {version} as {asked} has been deprecated."
        headers["x-ad-api-version-warning"] = text
    elif version == OLDEST and asked is not None:
        headers["x-ad-api-version-warning"] = f"{version} will be deprecated soon."
    return headers
