"""What staff read of steps, proofs, plans and waits. Staff know Meta's words, so those are used as they are."""

from collections.abc import Mapping
from typing import Any, Final

import phonenumbers

from app.onboarding.funnel.stopped import Stopped
from app.onboarding.reading.progress import CallView, Progress, StepView
from app.web.times import duration

STEP_TITLES: Final = {
    "exchange": "Exchange the code",
    "fetch": "Fetch the token",
    "inspect": "Inspect the token",
    "subscribe": "Subscribe webhooks",
    "credit": "Share the credit line",
    "verify": "Verify the number",
    "register": "Register the phone",
    "confirm": "Confirm the number",
    "sync": "Bring over contacts and chats",
    "name": "Display name review",
    "test": "Two-way test message",
}
STEP_WORDS: Final = {
    "not_started": "Not started",
    "running": "In progress",
    "retrying": "Retrying",
    "waiting": "Waiting for Meta",
    "needs_client": "Needs client",
    "needs_us": "Needs us",
    "refused": "Refused",
    "done": "Done",
    "skipped": "Skipped",
}
STATE_WORDS: Final = {
    "needs_attention": "Needs attention",
    "stopped": "Stopped",
    "paused": "Paused",
    "waiting": "Waiting",
    "open": "Open",
    "connected": "Connected",
    "live": "Live",
    "replaced": "Replaced",
    "removed": "Removed",
}
PROOF_CLAIMS: Final = {
    "subscription_listed": "Subscription lists us",
    "callback_ours": "Callback is ours",
    "number_registered": "Number registered",
    "credit_attached": "Credit attached",
    "token_valid": "Token valid",
    "message_out": "One message out",
    "message_in": "One message in",
}
PLAN_WORDS: Final = {
    "standard": "New number",
    "coexistence": "Phone app kept",
    "from_provider": "From another provider",
    "account_only": "Account without number",
    "unverified": "Unverified number",
    "registered": "Connected already",
    "virtual": "Number from Meta",
    "reconnect": "Reconnected",
    "preverified": "Number of our pool",
    "app_only": "App installed only",
    "solution": "Multi-partner solution",
}
WAY_WORDS: Final = {
    "popup": "Signup window",
    "redirect": "Signup by full page",
    "hosted": "Meta’s own signup page",
    "adopted": "Adopted",
    "by_hand": "Entered by hand",
}
WAITS: Final = {
    "event": "Waiting for what the signup window reports",
    "number_listed": "Meta does not list the number yet",
    "subscription_listed": "Accepted by Meta, not yet listed on the account",
    "credit_attached": "Accepted by Meta, not yet visible on the account",
    "number_connected": "Accepted by Meta, the number is not connected yet",
    "name_review": "Meta is reviewing the display name",
    "other_run": "Another run of the steps is at it",
    "shared": "Waiting for Meta to say that an account was shared",
    "receipt": "Answered; waiting for Meta’s receipt",
    "account_paused": "The phone app is off; held until it is back",
}
STAGE_WORDS: Final = {
    "made": "Link made",
    "opened": "Link opened",
    "window": "Meta’s window opened",
    "finished": "Finished in Meta’s window",
    "connected": "Connected",
    "live": "Live",
}
STOP_WORDS: Final = {
    "made": "Link not opened",
    "opened": "Saw the page",
    "window": "In Meta’s window",
    "finished": "After Meta’s window",
    "connected": "Connected, not live",
}
COUNTS: Final = (
    "No step",
    "One step",
    "Two steps",
    "Three steps",
    "Four steps",
    "Five steps",
    "Six steps",
    "Seven steps",
)
BUTTON_WORDS: Final = {
    "none": "None of ours",
    "try_again": "Try again",
    "connect_again": "A new signup link",
    "request_code": "Send a code",
    "enter_pin": "Enter the PIN",
    "open_manager": "Open Meta’s page",
    "share_credit": "Share the credit line",
    "send_test": "A new test message",
}
FUNDING_WORDS: Final = {
    "ours": "Our credit line",
    "other": "Somebody else",
    "nobody": "Nobody yet",
    "unknown": "Not known",
}
VERDICT_WORDS: Final = {
    "free": "Not with us",
    "returns": "Was with us",
    "new_numbers": "New numbers",
    "held": "With us",
    "under_way": "Under way",
}
RETRY_WORDS: Final = {"auto": "By itself", "by_hand": "When somebody asks", "never": "Never"}
ACTOR_WORDS: Final = {"client": "Client", "partner": "Us", "meta": "Meta", "nobody": "Nobody"}


def plan_word(plan: str | None) -> str:
    """A plan as staff call it; one that has no word yet by its name."""
    return "Not chosen yet" if plan in {None, "none"} else PLAN_WORDS.get(str(plan), str(plan))


def where_of(row: Stopped) -> str:
    """Where a client stopped."""
    if row.stage == "connected":
        return "Connected; the test message is missing"
    if row.reference is not None:
        return "Signed up; the steps are not all done"
    if row.opening is not None and row.opening.ending is not None:
        return row.opening.ending.staff
    return "Has not opened the link" if row.stage == "made" else "Saw the page, did not open Meta’s window"


def help_of(row: Stopped) -> str:
    """What staff may do about it."""
    if row.reference is not None:
        return "The onboarding says what it waits for."
    if row.opening is not None and row.opening.ending is not None:
        return row.opening.ending.staff_do
    if row.stage == "made":
        return "The message may not have arrived. Send a new link, or ask for another address."
    return "Ask what was unclear. The page says what to have ready."


def actor_of(progress: Progress) -> str:
    """Who must act now: client, partner, meta or nobody."""
    step = progress.current
    if step is None or progress.state == "live":
        return "nobody"
    if step.state in {"needs_client", "needs_us", "refused"}:
        if step.trouble is not None:
            return step.trouble.who
        return "client" if step.state == "needs_client" else "partner"
    return "meta" if step.state == "waiting" else "nobody"


def sentence_of(step: StepView) -> str:
    """One line under a step: tries, time taken, and what it waits for or has found."""
    waits_for = " and ".join(f"step {number}" for number in step.waits_for)
    parts = [_tries(step)]
    match step.state:
        case "not_started":
            return f"Waits for {waits_for}" if waits_for else "Starts as soon as a worker is free"
        case "done":
            if step.started_at and step.ended_at:
                parts.append(duration(step.ended_at - step.started_at))
            parts.append(_finding(step.evidence))
        case "waiting":
            parts.append(WAITS.get(step.condition or "", "Waiting for Meta"))
        case "needs_client" if step.name == "test":
            parts.append("waits for a message with the word")
        case "needs_client" | "needs_us" | "refused":
            parts.append("next by hand")
        case "skipped":
            waived = step.evidence.get("waived")
            return f"Skipped: {waived['reason']}" if isinstance(waived, dict) and "reason" in waived else "Skipped"
    return " · ".join(part for part in parts if part)


def number_of(display: str | None) -> str:
    """A phone number in international groups that do not break across lines; "no number yet" before there is one."""
    if not display:
        return "no number yet"
    try:
        parsed = phonenumbers.parse(display if display.startswith("+") else f"+{display}")
    except phonenumbers.NumberParseException:
        return display
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", "\u00a0")


def answer_of(call: CallView) -> str:
    """What Meta answered, short: `200`, `400 · code 100/33`, or that there was no answer."""
    if call.status is None:
        return "no answer"
    error = (call.reply or {}).get("error")
    if not isinstance(error, dict) or "code" not in error:
        return str(call.status)
    subcode = f"/{error['error_subcode']}" if error.get("error_subcode") else ""
    return f"{call.status} · code {error['code']}{subcode}"


def edge_of(path: str) -> str:
    """The end of a path, which says what is asked; the ids before it are alike in every row."""
    return path.strip("/").rpartition("/")[2]


def took_of(milliseconds: int) -> str:
    """`412 ms`, `1.2 s`."""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def initials(name: str) -> str:
    """Two letters for the round badge."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1]) if word).upper() if len(words) > 1 else name[:2].upper()


def _tries(step: StepView) -> str:
    if step.attempts == 0:
        return ""
    return "1 try" if step.attempts == 1 else f"{step.attempts} tries"


def _finding(evidence: Mapping[str, Any]) -> str:
    if "allocation_id" in evidence:
        return f"allocation {evidence['allocation_id']}"
    if evidence.get("pin") == "sealed":
        return "PIN sealed"
    if "code_sent" in evidence:
        return "confirmed by a call" if evidence["code_sent"]["method"] == "VOICE" else "confirmed by text"
    if "callback" in evidence:
        return "listed, callback ours"
    return f"account {evidence['account']}" if evidence.get("account") else ""
