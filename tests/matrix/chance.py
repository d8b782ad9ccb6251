"""What the machine of `machine.py` draws from: ways to come, words of the window, deaths, and Meta's bad days."""

from typing import Any

WAYS = ("standard", "coexistence", "from_provider", "account_only", "unverified", "registered", "virtual", "several")
TOLD = ("finish", "lost", "wa_login_user", "obo_migration", "unknown_finish", "no_ids", "grant_only", "cancel_and_code")
KILLED_AT = (
    "exchange", "debug_token", "account", "numbers", "subscribed_apps", "subscribe", "number", "allocations", "share",
    "allocation", "register", "sync_contacts", "sync_history", "request_code", "verify_code", "message",
)  # fmt: skip
PLACES = (
    ("*", None),
    ("/oauth/access_token", "POST"),
    ("/debug_token", "GET"),
    ("/*/phone_numbers", "GET"),
    ("/*/subscribed_apps", None),
    ("/*/whatsapp_credit_sharing_and_attach", "POST"),
    ("/*/register", "POST"),
    ("/*/smb_app_data", "POST"),
    ("/*/messages", "POST"),
)
ANSWERS: tuple[dict[str, Any], ...] = (
    {"status": 503, "body": {"error": {"message": "(#2)", "code": 2, "is_transient": True}}},
    {"status": 400, "body": {"error": {"message": "(#200)", "code": 200}}},
    {"status": 401, "body": {"error": {"message": "dead", "code": 190, "error_subcode": 463}}},
    {"status": 400, "body": {"error": {"message": "(#80007)", "code": 80007}}},
    {"html": 502},
    {"status": 200, "body": '{"data": [{"id'},
    {"drop": "before"},
    {"drop": "after"},
)
