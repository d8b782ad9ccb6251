"""The texts clients read, in their languages, and how they are found.

English is in the source. `babel.cfg` says where to look and which commands renew the catalogues: `messages.po` are the
translations people write, `messages.mo` what the program reads; both are kept, and a test holds them to each other and
to the source. Three kinds of texts are not inside `_()`, because the rooms they live in know no language: what errors
say, what the error catalogue tells clients, and how Meta's window ended. The extractors below find them.
"""

import ast
import tomllib
from collections.abc import Iterator
from typing import IO

Message = tuple[int, None, str, list[str]]

NAMES = ("title", "NOT_THERE", "CSRF_WORDS")


def error_texts(fileobj: IO[bytes], *_how: object, **_options: object) -> Iterator[Message]:
    """Titles and details of errors: constants of the names above, and the words by status in `app/web/errors.py`."""
    for node in ast.walk(ast.parse(fileobj.read())):
        for text in _texts_of(node):
            yield node.lineno, None, text, []  # type: ignore[attr-defined]


def catalogue_texts(fileobj: IO[bytes], *_how: object, **_options: object) -> Iterator[Message]:
    """`meaning` and `do` of `client.toml`, `client_meaning` and `client_do` of `findings.toml`."""
    for row in tomllib.load(fileobj).values():
        names = ("client_meaning", "client_do") if "client_meaning" in row else ("meaning", "do")
        for name in names:
            yield 1, None, row[name], []


def ending_texts(fileobj: IO[bytes], *_how: object, **_options: object) -> Iterator[Message]:
    """`happened` and `do` of every ending of Meta's window."""
    for row in tomllib.load(fileobj).values():
        for name in ("happened", "do"):
            yield 1, None, row[name], []


def _texts_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Assign) and any(_name(target) in NAMES for target in node.targets):
        return _words(node.value)
    if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict) and _name(node.target) == "_WORDS":
        # (code, title, detail): the code is for programs and stays as it is.
        return [text for row in node.value.values if isinstance(row, ast.Tuple) for text in _words(*row.elts[1:])]
    if isinstance(node, ast.Call) and _name(node.func) in {"TooMany", "Unavailable", "_app_error"}:
        return [text for text in _words(*node.args) if " " in text]
    return []


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _words(*values: ast.expr) -> list[str]:
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
