"""Shows a node as Graph does: the fields that were asked for, or its default ones, and always its id."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sandbox.graph.doors import Call
from sandbox.graph.errors import no_such_field
from sandbox.graph.params import Field, read_fields, text

T = TypeVar("T")
Reader = Callable[[Call, T], Any]


class NodeView(dict[str, Reader[T]]):
    """Field name → how to read it. A reader that returns None leaves its field out, as Graph does with unset ones."""

    def __init__(self, node_type: str, defaults: tuple[str, ...], readers: Mapping[str, Reader[T]]) -> None:
        super().__init__(readers)
        self.node_type = node_type
        self.defaults = tuple(Field(name) for name in defaults)

    def show(self, call: Call, node: T) -> dict[str, Any]:
        """The node with the call's ``fields``. Refuses (100) an unknown one."""
        return self.pick(call, node, self.wanted(call))

    def wanted(self, call: Call) -> tuple[Field, ...]:
        """The fields a call asks for."""
        asked = text(call.params, "fields")
        return self.defaults if asked is None else read_fields(asked)

    def pick(self, call: Call, node: T, wanted: tuple[Field, ...]) -> dict[str, Any]:
        """The node with these fields."""
        shown: dict[str, Any] = {}
        for field in wanted or self.defaults:
            reader = self.get(field.name)
            if reader is None:
                raise no_such_field(field.name, self.node_type)
            value = reader(call, node)
            if value is not None:
                shown[field.name] = _narrow(value, field.inner)
        shown["id"] = shown.pop("id", None) or getattr(node, "id")  # noqa: B009 - any record has one
        return shown


def _narrow(value: Any, inner: tuple[Field, ...]) -> Any:
    """Keeps of an inner object what was asked for, its id always."""
    if not inner:
        return value
    if isinstance(value, list):
        return [_narrow(element, inner) for element in value]
    if isinstance(value, dict) and set(value) == {"data"}:
        return {"data": _narrow(value["data"], inner)}
    if isinstance(value, dict):
        by_name = {field.name: field for field in inner}
        return {
            key: _narrow(element, by_name[key].inner if key in by_name else ())
            for key, element in value.items()
            if key in by_name or key == "id"
        }
    return value
