"""A secret in memory: shown to nobody, opened on purpose.

Tokens, app secrets, codes and PINs travel through the program as `Secret`. Printing, formatting, logging, pickling or
turning one into JSON gives nothing away; `reveal()` is the one word to search for when asking who opens them.
"""

import hashlib
import hmac
from typing import NoReturn

# Four characters of a short secret are most of it: a PIN has six.
LONG_ENOUGH_TO_SHOW = 16


class Secret:
    """A text that must not leak. Equality takes the same time whether the first or the last character differs."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        if not value:
            raise ValueError("an empty text is not a secret")
        self.__value = value

    def reveal(self) -> str:
        """The text itself. Call this at the edge only, and keep the result in no variable that lives on."""
        return self.__value

    @property
    def last_four(self) -> str:
        """The last four characters, for people to tell two secrets apart; empty for secrets under 16 characters."""
        return self.__value[-4:] if len(self.__value) >= LONG_ENOUGH_TO_SHOW else ""

    @property
    def fingerprint(self) -> str:
        """12 hex digits of the SHA-256, to recognise a long random secret. A PIN could be found by trying them all."""
        return hashlib.sha256(self.__value.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __str__(self) -> str:
        return "•••"

    def __format__(self, spec: str) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "Secret":
        # A frozen dataclass that holds a secret may be copied; the copy holds the very same object.
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret cannot be pickled: seal it and store the sealed form")
