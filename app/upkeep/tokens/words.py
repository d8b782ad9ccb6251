"""States, ways and outcomes of tokens in words for people."""

from typing import Final

STATE_WORDS: Final = {
    "new": "not looked at yet",
    "waiting": "alive, renewed in time",
    "lasting": "alive, never ends",
    "refused": "cannot be renewed",
    "dead": "dead",
    "gone": "out of use",
    "later": "not renewed, it is tried again",
}
WAY_WORDS: Final = {
    "look": "Asking Meta about the token",
    "exchange": "Renewing it (fb_exchange_token)",
    "fetch": "Fetching it anew (system_user_access_tokens)",
}
OUTCOME_WORDS: Final = {
    "renewed": "worked",
    "refused": "was refused",
    "busy": "was put off by Meta",
    "lost": "got no answer",
    "ours_dead": "was not possible: our own token is dead",
    "dead": "found it dead",
    "sealed": "was not possible: the stored token cannot be opened",
    "overtaken": "worked, but another token had come meanwhile",
    "invalid": "brought a token that is not valid",
    "not_later": "brought a token that ends no later",
    "other_app": "brought a token of another app",
    "other_targets": "brought a token that reaches less",
    "other_scopes": "brought a token with fewer permissions",
}


def outcome_in_words(outcome: str | None) -> str:
    return OUTCOME_WORDS.get(outcome or "", outcome or "")


def try_in_words(way: str, outcome: str, code: int | None, subcode: int | None) -> str:
    """One try as a sentence with Meta's numbers."""
    numbers = f" (code {code}{f'/{subcode}' if subcode else ''})" if code is not None else ""
    return f"{WAY_WORDS[way]} {outcome_in_words(outcome)}{numbers}."
