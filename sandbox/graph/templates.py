"""Message templates of an account, as far as somebody who only looks at them needs."""

from dataclasses import dataclass
from typing import Any

from sandbox.graph.accounts import reach_account
from sandbox.graph.doors import Call, Reply, door
from sandbox.graph.fields import NodeView
from sandbox.graph.paging import page_of
from sandbox.graph.params import text
from sandbox.world.changes import template_id


@dataclass(frozen=True, slots=True)
class Row:
    """One template, as the list shows it."""

    id: str
    name: str
    status: str


TEMPLATE: NodeView[Row] = NodeView(
    "WhatsAppMessageTemplate",
    ("name", "language", "status", "category", "id"),
    {
        "id": lambda _, row: row.id,
        "name": lambda _, row: row.name,
        "status": lambda _, row: row.status,
        "language": lambda _, __: "en_US",
        "category": lambda _, __: "UTILITY",
        "quality_score": lambda _, __: {"score": "UNKNOWN"},
    },
)


@door("GET account/message_templates")
def list_templates(call: Call) -> Reply:
    """The account's templates, of one ``status`` where one is asked for."""
    account = reach_account(call)
    asked = text(call.params, "status")
    rows: list[Row] = []
    for template in account.templates:
        name, _, status = template.partition(":")
        if asked in (None, status):
            rows.append(Row(str(template_id(account.id, name)), name, status))
    wanted = TEMPLATE.wanted(call)

    def show(row: Row) -> dict[str, Any]:
        return TEMPLATE.pick(call, row, wanted)

    return page_of(call, rows, lambda row: row.name, show)
