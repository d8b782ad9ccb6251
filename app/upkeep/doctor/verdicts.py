"""What a rule says of the facts: a case of its check, and what belongs into the places of that case's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.upkeep.doctor.facts import Trouble

UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Verdict:
    """`case` is a table under the check in `findings.toml`, or `UNCHECKED` with its reason in the place `because`."""

    case: str
    places: Mapping[str, str] = field(default_factory=dict)


def verdict(case: str, **places: object) -> Verdict:
    return Verdict(case, {name: str(value) for name, value in places.items()})


def unchecked(because: str) -> Verdict:
    """Not judged. `because` goes on the sentence "not checked, because …"."""
    return verdict(UNCHECKED, because=because)


def untold(trouble: Trouble) -> Verdict:
    """Not judged, because the fact is not known and this check has nothing to say of that."""
    match trouble.kind:
        case "silent":
            return unchecked("Meta gave no answer in time")
        case "failed":
            return unchecked("our own program failed at asking; the log says how")
    return unchecked(f"Meta refused to tell ({answer_of(trouble)})")


def answer_of(trouble: Trouble) -> str:
    """Meta's numbers: `code 100/33`."""
    if trouble.code is None:
        return "no code"
    subcode = f"/{trouble.subcode}" if trouble.subcode is not None else ""
    return f"code {trouble.code}{subcode}"


def shown_address(address: str) -> str:
    """An address fit to be shown: what stands behind its path may be a key, and so may a name before its host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    shown = f"{parts.scheme}://{host}{parts.path}" if host else parts.path
    return shown + ("?…" if parts.query else "")
