"""The numbers of one signup, side by side: each with its state, its own word to say hi with, and its own page."""

from dataclasses import dataclass

from app.connect import words
from app.onboarding.links.links import chat_link
from app.onboarding.reading.progress import Progress
from app.web.languages import _


@dataclass(frozen=True)
class NumberRow:
    """`reference` leads to the number's page; `current` is the one being shown. `hi` is what to write to it, `chat`
    opens a chat with that text; both are empty unless it is time to say hi.
    """

    reference: str
    number: str
    state: str
    current: bool
    hi: str = ""
    chat: str = ""


def number_row(progress: Progress, chat_base: str, *, current: str) -> NumberRow:
    """One number of the signup; `current` is the key of the onboarding on the page."""
    number = words.international(progress.display_phone_number) or _("No number yet")
    row = NumberRow(progress.reference, number, progress.state, progress.id == current)
    step = progress.step("test")
    if step is None or step.state != "needs_client" or not progress.display_phone_number:
        return row
    text = _("hi, test %(word)s", word=progress.test_word)
    chat = chat_link(chat_base, words.digits_of(progress.display_phone_number), text)
    return NumberRow(row.reference, row.number, row.state, row.current, text, chat)
