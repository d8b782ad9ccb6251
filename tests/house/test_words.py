"""The project speaks of itself alone: not of the machine it was written on, nor of who or what typed it."""

import re
from pathlib import Path

from tests.house.source import ROOT, tracked_files

# Each is written with a bracket somewhere, so that this list does not find itself.
FOREIGN = {
    "a path of one machine": r"(?<![\w./])/(?:wor[k]|roo[t]|hom[e])/\w+",
    "a package registry": r"pypi\.or[g]|pythonhosted\.or[g]|npmjs\.or[g]|jsdelivr\.ne[t]|unpkg\.co[m]",
    "a machine as author": r"\b(?:A[I]|LL[M]s?|[Cc]hat[Gg]PT|[Cc]laud[e]|[Cc]opilo[t]|[Aa]nthropi[c]|[Oo]pen[A]I)\b",
    "an author's trailer": r"(?i)co-authored-b[y]|generated wit[h]",
    "a note to oneself": r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b",
}
LOCKED = ("requirements.txt", "requirements-dev.txt")
# The one outside file a test may look for, where it is there: Meta's published description.
ALLOWED = "../share" + "d/meta/business-messaging-api_v23.0.yaml"


def test_the_project_speaks_of_itself_alone() -> None:
    found = [f"{path}:{line} {what}: {text}" for path in tracked_files() for line, what, text in foreign_words(path)]
    assert not found, "\n".join(found)


def foreign_words(path: Path) -> list[tuple[int, str, str]]:
    if path.suffix in {".png", ".jpg", ".ico", ".woff2", ".mo"} or path.name in LOCKED or "vendor" in path.parts:
        return []
    return [
        (number, what, hit.group(0))
        for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), start=1)
        for what, pattern in FOREIGN.items()
        if (hit := re.search(pattern, line.replace(ALLOWED, "")))
    ]


def test_people_and_firms_in_examples_are_plainly_examples() -> None:
    """Addresses in the project end where nobody can live: example.*, localhost, or a host of Meta's."""
    address = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
    foreign = {
        f"{path}: {hit.group(0)}"
        for path in tracked_files()
        if path.suffix in {".py", ".md", ".html", ".toml", ".json", ".js"} and "vendor" not in path.parts
        for hit in address.finditer((ROOT / path).read_text(errors="replace"))
        if not re.search(r"(^|\.)(example(\.\w+)?|test|invalid|localhost)$", hit.group(1).lower())
        and not hit.group(1)[0].isdigit()
    }
    assert not foreign
