"""Keys for a first look: made once, kept in `DATA_DIR/keys.env`, readable by their owner only.

They exist so that nobody has to invent keys to try the product, and so that none is ever built in. With a real Meta
nothing is made: whoever runs that has keys of their own.
"""

import base64
import secrets
from pathlib import Path

from app.run.files import write_private

NAMES = ("SECRET_KEYS", "CREDENTIAL_KEYS")


def get_keys(data_dir: Path) -> dict[str, str]:
    """The keys by setting name, made on the first call. Losing the file makes every stored secret unreadable."""
    path = data_dir / "keys.env"
    keys = read_keys(path) if path.exists() else {}
    if missing := [name for name in NAMES if name not in keys]:
        keys |= {name: new_key() for name in missing}
        write_private(path, "".join(f"{name}={keys[name]}\n" for name in NAMES))
    return keys


def read_keys(path: Path) -> dict[str, str]:
    """The known names in a key file and their values."""
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs if name in NAMES and value}


def new_key() -> str:
    """32 random bytes in URL-safe base64: what both settings take, and what `make key` prints."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
