"""What may go wrong with a sealed secret. None of it tells which byte was wrong, or anything of what was sealed."""

from app.kit.errors import AppError


class SealBroken(AppError):
    """The sealed secret cannot be opened: the row is gone, was altered or moved, or was sealed with another key."""

    code = "seal_broken"
    title = "A stored secret cannot be opened"

    def __init__(self, detail: str = "A stored secret cannot be opened.") -> None:
        super().__init__(detail)


class KeyMissing(SealBroken):
    """The master key that sealed the row is not in `CREDENTIAL_KEYS`; a key's id is no secret, so it is named."""

    code = "key_missing"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"A stored secret was sealed with key {key_id}, which is not in CREDENTIAL_KEYS.")
