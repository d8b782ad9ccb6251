"""Secrets are compared in constant time, and never built into the source."""

import ast
import re

from tests.house.source import ROOT, python_files, tracked_files, tree_of

# The last word of a name says what it holds: `app_secret` is one, `token_kind` is not.
HOLDS_SECRET = {"secret", "token", "signature", "password", "pin", "proof", "hmac"}
SHAPES = {
    "a token of Meta's": re.compile(r"EAA[A-Za-z0-9]{40,}"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an API key of ours": re.compile(r"gw_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}"),
}


def test_no_secret_is_compared_with_the_equals_sign() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in python_files("app", "config.py", "wsgi.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Compare) and compares_secret(node)
    ]
    assert not wrong, "hmac.compare_digest takes the same time wherever the first difference is"


def compares_secret(node: ast.Compare) -> bool:
    if not all(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops):
        return False
    sides = [node.left, *node.comparators]
    return any(holds_secret(side) for side in sides) and not any(is_plain(side) for side in sides)


def holds_secret(side: ast.expr) -> bool:
    if isinstance(side, ast.Call):
        return isinstance(side.func, ast.Attribute) and side.func.attr in {"reveal", "get_secret_value"}
    name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return name.lower().rsplit("_", 1)[-1] in HOLDS_SECRET


def is_plain(side: ast.expr) -> bool:
    """A comparison with a word in the source is about a kind or a state, not about a secret."""
    return isinstance(side, ast.Constant)


def test_no_secret_stands_in_the_source() -> None:
    found = [
        f"{path}: {what}"
        for path in tracked_files()
        if path.suffix not in {".png", ".jpg", ".woff2", ".ico", ".mo"}
        for what, shape in SHAPES.items()
        if shape.search((ROOT / path).read_text(errors="replace"))
    ]
    assert not found


def test_secrets_are_opened_in_one_place() -> None:
    """Only the vault unseals, and only the doors to Meta and the digests behind them say `reveal()`."""
    unsealers = {
        str(path)
        for path in python_files("app")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "decrypt"
    }
    assert all(name.startswith("app/credentials/") for name in unsealers), unsealers
