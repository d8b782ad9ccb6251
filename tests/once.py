"""What a test process works out once: many tests build an application of their own, and each would do it anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule


def compile_templates_once(folder: Path) -> None:
    """What Jinja makes of a template is kept below `folder`."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def compile_addresses_once() -> None:
    """Werkzeug writes and compiles two functions for each address, which is most of what an application costs."""
    Flask.url_rule_class = CompiledOnce


class CompiledOnce(Rule):
    """An address whose functions are taken from the last one that was spelled like it.

    They hold nothing of it but the spelling: its converters they ask of the address they are called on.
    """

    _made: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # those are worked into the function
            return super()._compile_builder(append_unknown)
        spelling: tuple[Any, ...] = (self.rule, append_unknown, *self._trace)
        if spelling not in self._made:
            self._made[spelling] = super()._compile_builder(append_unknown)
        return self._made[spelling]
