"""Finds every file under `fields/`. A file that breaks the contract stops the program at its start, not at night."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import cast

from app.webhooks import fields
from app.webhooks.hearing import Field


def find_fields(package: ModuleType = fields) -> Mapping[str, Field]:
    """Handlers by the field of Meta's they understand. Raises `TypeError` naming the file that is not as it must be."""
    found: dict[str, Field] = {}
    for module in pkgutil.iter_modules(package.__path__):
        handler = cast(Field, import_module(f"{package.__name__}.{module.name}"))
        for part in ("FIELD", "handle", "split"):
            if not hasattr(handler, part):
                raise TypeError(f"fields/{module.name}.py has no {part}")
        if handler.FIELD in found:
            raise TypeError(f"fields/{module.name}.py repeats the field {handler.FIELD}")
        found[handler.FIELD] = handler
    return found


FIELDS = find_fields()
