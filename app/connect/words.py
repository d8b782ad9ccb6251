"""What the page says of steps, proofs and waits. Written for the client: no webhook, no WABA, no token.

Each function speaks the language of the request. Step names and states are those of `app.onboarding`.
"""

from collections.abc import Callable

import phonenumbers

from app.onboarding.reading.progress import Progress, ProofView, StepView
from app.web.languages import _, _l
from app.web.times import NO_BREAK

# Wide as nothing; no line ends beside it.
JOINER = "\u2060"

TITLES = {
    "exchange": _l("Confirm your sign-in with Meta"),
    "subscribe": _l("Turn on message delivery"),
    "credit": _l("Attach billing"),
    "register": _l("Register your number"),
    "sync": _l("Bring over contacts and chats"),
    "test": _l("Say hi"),
    "fetch": _l("Confirm what you shared with Meta"),
    "inspect": _l("Confirm your access with Meta"),
    "verify": _l("Confirm your number with a code"),
    "confirm": _l("Check your number"),
    "name": _l("Meta checks your display name"),
}
DOING = {
    "exchange": _l("We ask Meta to confirm what you shared."),
    "subscribe": _l("We tell Meta to send your messages to us."),
    "credit": _l("We ask Meta to bill us for your messages."),
    "register": _l("We connect your number."),
    "sync": _l("We ask your phone app for its contacts and chats."),
    "test": _l("Your message has arrived. We answer it now."),
    "fetch": _l("We ask Meta to confirm what you shared."),
    "inspect": _l("We ask Meta to confirm what you shared."),
    "verify": _l("We look whether your number is confirmed."),
    "confirm": _l("We look at your number."),
    "name": _l("We ask Meta about your display name."),
}
WAITING = {
    "exchange": _l("Meta is still writing your number down. Nothing to do."),
    "subscribe": _l("Meta has accepted it and is still writing it down. Nothing to do."),
    "credit": _l("Meta has accepted it and is still writing it down. Nothing to do."),
    "register": _l("Meta is connecting your number. Nothing to do."),
    "sync": _l("Meta is connecting your phone app. Nothing to do."),
    "test": _l("We have answered. Meta tells us in a moment that it was delivered."),
    "fetch": _l("Meta tells us what you shared. Nothing to do."),
    "inspect": _l("Meta is still writing your number down. Nothing to do."),
    "verify": _l("Meta is connecting your number. Nothing to do."),
    "confirm": _l("Meta is connecting your number. Nothing to do."),
    "name": _l("People at Meta look at your display name; that can take some days. Nothing to do."),
}
# What is waited for says more than the step it holds up.
CONDITIONS = {
    "event": _l("Meta’s window has not told us yet which number you chose. Nothing to do."),
    "number_listed": _l("Meta is still writing your number down. Nothing to do."),
    "other_run": _l("This is being done for another number at the same moment. Nothing to do."),
    "shared": _l("Meta tells us what you shared as soon as you have reached the end of its page."),
}
LIVE = {
    "exchange": (_l("Confirming your sign-in with Meta."), _l("Usually a few seconds.")),
    "subscribe": (_l("Turning on message delivery."), _l("Usually a second.")),
    "credit": (_l("Waiting for Meta to attach billing."), _l("Usually under a minute.")),
    "register": (_l("Registering your number."), _l("Usually a few seconds.")),
    "sync": (_l("Connecting your phone app."), _l("Usually under a minute.")),
    "test": (_l("Your message has arrived. We answer it."), _l("Usually a few seconds.")),
    "fetch": (_l("Waiting for Meta to tell us what you shared."), _l("Usually under a minute.")),
    "inspect": (_l("Confirming your access with Meta."), _l("Usually a few seconds.")),
    "verify": (_l("Looking at your number."), _l("Usually a few seconds.")),
    "confirm": (_l("Looking at your number."), _l("Usually a few seconds.")),
    "name": (_l("Waiting for Meta to approve your display name."), _l("Usually a day or two.")),
}
NOT_YET = {
    "exchange": _l("This comes first."),
    "subscribe": _l("This comes as soon as your sign-in is confirmed."),
    "credit": _l("This comes as soon as your sign-in is confirmed."),
    "register": _l("This comes as soon as your sign-in is confirmed."),
    "sync": _l("This comes as soon as messages reach us."),
    "test": _l("When your number is ready you write to it and we answer."),
    "fetch": _l("This comes first."),
    "inspect": _l("This comes first."),
    "verify": _l("This comes as soon as your sign-in is confirmed."),
    "confirm": _l("This comes as soon as your sign-in is confirmed."),
    "name": _l("This comes when your number is registered."),
}


# Where a plan orders a step otherwise.
NOT_YET_OF = {
    ("unverified", "register"): _l("This comes as soon as your number is confirmed."),
    ("from_provider", "register"): _l("When messages reach us and billing is attached, the number moves here."),
    ("virtual", "test"): _l("When Meta has approved your display name you write to the number and we answer."),
}


def title_of(step: str) -> str:
    return str(TITLES[step])


def sentence_of(step: StepView, progress: Progress) -> str:
    """The one sentence under a step."""
    match step.state:
        case "done":
            return _done(step.name, step, progress)
        case "skipped":
            return _("Not needed for this number.") if step.name != "test" else _("We check this together later.")
        case "needs_client" | "needs_us" | "refused":
            return ""
        case "waiting" if step.condition == "account_paused":
            return _("This goes on when your phone app is back.")
        case "waiting":
            return str(CONDITIONS.get(step.condition or "", WAITING[step.name]))
        case "running":
            return str(DOING[step.name])
        case "retrying":
            return _("Meta did not answer as it should. We try again by ourselves; nothing to do.")
    return str(NOT_YET_OF.get((progress.plan, step.name), NOT_YET[step.name]))


def _done(name: str, step: StepView, progress: Progress) -> str:
    number = number_of(progress)
    sentences: dict[str, Callable[[], str]] = {
        "exchange": lambda: (
            _("Meta has confirmed the account %(account)s.", account=step.evidence["account"])
            if step.evidence.get("account")
            else _("Meta has confirmed your sign-in.")
        ),
        "fetch": lambda: _("Meta has confirmed what you shared."),
        "inspect": lambda: _("Meta has confirmed your access."),
        "subscribe": lambda: _("Messages to your number now reach us."),
        "credit": lambda: _("Meta bills us, not you."),
        "verify": lambda: _("%(number)s is confirmed.", number=number),
        "register": lambda: _("%(number)s is registered.", number=number),
        "confirm": lambda: _("%(number)s is connected.", number=number),
        "name": lambda: _("Meta has approved your display name."),
        "sync": lambda: _synced(progress),
        "test": lambda: _("You wrote, we answered."),
    }
    return sentences[name]()


def _synced(progress: Progress) -> str:
    """What of contacts and chats has come, honestly: a phone app that is asked may still send nothing."""
    states = {sync.kind: sync.state for sync in progress.syncs}
    if states.get("history") == "declined":
        return _("Your contacts come over; your chats stay on your phone, as you chose.")
    if "silent" in states.values():
        return _(
            "We asked for them, and nothing has come yet. Open the WhatsApp Business app and leave it open for a while."
        )
    if set(states.values()) == {"done"}:
        return _("Your contacts and chats are here. You keep using the app.")
    return _("Your phone app sends them now. You keep using the app.")


def live_sentence(progress: Progress) -> tuple[str, str]:
    """What we wait for, and how long that usually takes; announced to screen readers, so it changes rarely."""
    step = progress.current
    if step is None:
        return _("Every step is done."), ""
    if step.name == "test" and step.state == "needs_client":
        return _("Your turn: say hi to your number from another phone."), _("We answer within seconds.")
    if step.condition == "account_paused":
        return _("Waiting for your phone app."), _("It connects again by itself when you open it.")
    if step.state == "needs_client":
        return _("One step needs you."), _("We go on as soon as it is done.")
    if step.state in {"needs_us", "refused"}:
        return _("One step needs us."), _("We have been told. There is nothing for you to do.")
    if step.state == "retrying":
        return _("Meta did not answer as it should."), _("We try again by ourselves.")
    first, second = LIVE[step.name]
    return str(first), str(second)


def claim_of(proof: ProofView, partner: str) -> tuple[str, str]:
    """What a proof says, and what it rests on."""
    claims = {
        "subscription_listed": (_("Meta lists us for your messages"), _("Read back from your account")),
        "callback_ours": (_("Messages are sent to our address"), _("The address Meta holds is ours")),
        "number_registered": (_("Your number is connected"), _("Read back from your number")),
        "credit_attached": (_("Billing is attached"), _("Paid by %(partner)s", partner=partner)),
        "token_valid": (_("Our access is valid"), _("Checked with Meta")),
        "message_in": (_("You sent a message"), _("It reached us")),
        "message_out": (_("We sent a message"), _("Meta confirmed it")),
    }
    return claims[proof.kind]


KINDS = {
    "standard": _l("New number"),
    "coexistence": _l("Stays on the phone app"),
    "from_provider": _l("Comes from another provider"),
    "account_only": _l("Account without a number"),
    "unverified": _l("New number"),
    "registered": _l("Connected before"),
    "virtual": _l("Number from Meta"),
    "reconnect": _l("Connected again"),
    "preverified": _l("Prepared by your provider"),
    "app_only": _l("App let in, account not shared"),
    "solution": _l("Shared by several providers"),
}


def kind_of_number(plan: str) -> str:
    return str(KINDS.get(plan, KINDS["standard"]))


def number_of(progress: Progress) -> str:
    """The number in international groups; "your number" while Meta has not told it."""
    return international(progress.display_phone_number) or _("Your number")


def international(display: str | None) -> str:
    """`+44 7700 900142`, never broken across lines, nor after a hyphen; what cannot be read stays as Meta gave it."""
    if not display:
        return ""
    try:
        parsed = phonenumbers.parse(display if display.startswith("+") else f"+{display}")
    except phonenumbers.NumberParseException:
        return display
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return written.replace(" ", NO_BREAK).replace("-", f"{JOINER}-{JOINER}")


def digits_of(display: str) -> str:
    return "".join(letter for letter in display if letter.isdigit())
