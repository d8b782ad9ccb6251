"""The onboarding that the API's document shows as an example."""

from typing import Any, Final

ONBOARDING: Final[dict[str, Any]] = {
    "id": "019a9f31-77aa-7c11-b0c2-5d1e60f2a9d4",
    "reference": "onb_7Q2F-4KDM",
    "client": {"id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b001", "name": "Example Bakery"},
    "link_id": "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010",
    "way": "popup",
    "plan": "standard",
    "status": "needs_partner",
    "current_step": "credit",
    "number": {
        "phone_number_id": "106540352242922",
        "waba_id": "524126980791429",
        "business_id": "2729063490586005",
        "display_phone_number": "+44 7700 900142",
        "verified_name": "Example Bakery",
        "name_status": "PENDING_REVIEW",
    },
    "begun_at": "2026-11-20T12:41:20Z",
    "ended_at": None,
    "paused_at": None,
    "removed": None,
    "replaced_by": None,
    "siblings": [{"reference": "onb_3M8T-9QRV", "display_phone_number": "+44 7700 900118"}],
    "connected_at": None,
    "live_at": None,
    "steps": [
        {
            "name": "credit",
            "title": "Share the credit line",
            "state": "attention",
            "attempts": 4,
            "started_at": "2026-11-20T12:41:24Z",
            "finished_at": None,
            "evidence": {},
            "blocks": ["paid_templates"],
            "wait": None,
            "error": {
                "code": 200,
                "subcode": None,
                "trace_id": "Fz71LpQ0wYd",
                "meaning": "Meta does not let us share our credit line with this account.",
                "who": "partner",
                "action": "Accept the credit terms in the billing settings of your own portfolio, then try again.",
                "button": "share_credit",
                "retry_at": None,
            },
        }
    ],
    "syncs": [],
    "proofs": [{"name": "token", "ok": True, "seen_at": "2026-11-20T12:41:22Z", "detail": {}}],
}
