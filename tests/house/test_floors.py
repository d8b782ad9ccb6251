"""Doors open downward only. The floors are those of docs/architecture.md; imports hidden in functions count as well."""

import re
from functools import cache
from pathlib import Path

from tests.house.source import ROOT, imports_of, module_of, python_files

# From the ground up. A room may import what stands on a lower floor, and what is beside it only by SIDE_DOORS.
FLOORS = (
    {"config", "app.kit", "app.translations"},
    {"app.db"},
    {"app.meta", "app.work", "app.storage"},
    {"app.audit", "app.events"},
    {"app.clients", "app.numbers", "app.contacts", "app.access", "app.incidents"},
    {"app.credentials"},
    {"app.runtime"},
    {"app.web", "app.mail"},
    {
        "app.onboarding", "app.messaging", "app.conversations", "app.message_templates", "app.media", "app.endpoints",
        "app.upkeep", "app.records", "app.automation", "app.analytics", "app.money",
    },
    {"app.webhooks"},
    {"app.connect", "app.console", "app.api"},
    {"app.factory", "app.build", "app.cli", "app.models", "app.clock", "app.worker", "app.run", "app.health", "wsgi"},
)  # fmt: skip
# The same inside the one room that is a house of its own.
INSIDE = {
    "app.onboarding": (
        {"models", "plans", "rules", "currencies"},
        {"links", "ledger"},
        {"window", "life"},
        {"reading", "shares"},
        {"funnel", "arrivals"},
        {"steps"},
        {"walker"},
        {"jobs"},
    ),
}
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
WITHOUT_FLASK = FLOORS[:7]
FLASK = (
    "flask",
    "flask_babel",
    "flask_wtf",
    "flask_talisman",
    "flask_limiter",
    "flask_openapi3",
    "werkzeug",
)
OURS = ("app", "config", "wsgi", "sandbox", "bench", "tests", "migrations")


def room_of(module: str) -> str:
    """The room a module is in: `app.onboarding.links.links` is in `app.onboarding`, `app.db` is one by itself."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "app" else parts[0]


@cache
def side_doors() -> set[tuple[str, str]]:
    """Pairs of rooms on one floor that may meet: the rows of "Doors between neighbours" in docs/architecture.md."""
    text = (ROOT / "docs/architecture.md").read_text()
    table = text.partition("## Doors between neighbours")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(app/\w+)` \| `(app/\w+)` \| .{10,} \|$", table, re.MULTILINE)
    return {(here.replace("/", "."), there.replace("/", ".")) for here, there in rows}


def test_every_room_stands_on_a_floor() -> None:
    homeless = (
        {room_of(module_of(path)) for path in python_files("app", "config.py", "wsgi.py")} - set(HEIGHT) - {"app"}
    )
    assert not homeless, "say in docs/architecture.md and here on which floor these stand"


def test_doors_open_downward_only() -> None:
    assert [door for path in python_files("app", "config.py", "wsgi.py") for door in wrong_doors(path)] == []


def wrong_doors(path: Path) -> list[str]:
    here = room_of(module_of(path))
    doors = side_doors()
    foreign = [(line, room_of(name)) for line, name in imports_of(path) if name.split(".")[0] in OURS]
    return [
        f"{path}:{line} opens {there}"
        for line, there in foreign
        if there not in {here, "app"}
        and not (there in HEIGHT and (HEIGHT[there] < HEIGHT[here] or is_beside(here, there, doors)))
    ]


def is_beside(here: str, there: str, doors: set[tuple[str, str]]) -> bool:
    """Rooms of the roof may all meet; elsewhere a door between neighbours has to be written down."""
    return HEIGHT[there] == HEIGHT[here] and (HEIGHT[here] == len(FLOORS) - 1 or (here, there) in doors)


def test_inside_a_room_of_rooms_doors_open_downward_too() -> None:
    wrong = [door for outer, floors in INSIDE.items() for door in wrong_inner_doors(outer, floors)]
    assert wrong == []


def wrong_inner_doors(outer: str, floors: tuple[set[str], ...]) -> list[str]:
    height = {f"{outer}.{room}": floor for floor, rooms in enumerate(floors) for room in rooms}

    def inner(module: str) -> str:
        return ".".join(module.split(".")[: outer.count(".") + 2])

    paths = [path for path in python_files(outer.replace(".", "/")) if inner(module_of(path)) != outer]
    homeless = {inner(module_of(path)) for path in paths} ^ set(height)
    assert not homeless, f"say in {outer} and here on which floor these stand"
    ground = {room for room, floor in height.items() if floor == 0}
    return [
        f"{path}:{line} opens {inner(name)}"
        for path in paths
        for line, name in imports_of(path)
        if inner(name) in height
        and inner(name) != inner(module_of(path))
        and height[inner(name)] >= height[inner(module_of(path))]
        and not {inner(name), inner(module_of(path))} <= ground
    ]


def test_doors_between_neighbours_are_all_in_use() -> None:
    used = {(room_of(module_of(path)), room_of(name)) for path in python_files("app") for _, name in imports_of(path)}
    assert side_doors() <= used, "docs/architecture.md names a door that nobody opens"


def test_only_web_and_what_is_above_it_knows_flask() -> None:
    below = {room for rooms in WITHOUT_FLASK for room in rooms}
    wrong = [
        f"{path}:{line} imports {name}"
        for path in python_files("app", "config.py")
        if room_of(module_of(path)) in below
        for line, name in imports_of(path)
        if name.split(".")[0] in FLASK
    ]
    assert not wrong


def test_rules_know_no_session_no_http_and_no_clock() -> None:
    forbidden = ("sqlalchemy", "requests", "flask", "app.db", "app.meta", "app.kit.clock")
    wrong = [
        f"{path}:{line} imports {name}"
        for path in python_files("app")
        if path.stem == "rules" or "rules" in path.parts
        for line, name in imports_of(path)
        if name.startswith(forbidden)
    ]
    assert not wrong


def test_the_local_meta_and_the_product_do_not_know_each_other() -> None:
    wrong = [
        f"{path}:{line} imports {name}"
        for path in python_files("sandbox")
        for line, name in imports_of(path)
        if name.split(".")[0] in {"app", "config", "wsgi", "tests", "bench"}
    ]
    wrong += [
        f"{path}:{line} imports {name}"
        for path in python_files("app", "config.py", "wsgi.py", "migrations")
        for line, name in imports_of(path)
        if name.split(".")[0] in {"sandbox", "tests", "bench"}
    ]
    assert not wrong


def test_the_package_itself_is_one_docstring() -> None:
    assert not list(imports_of(Path("app/__init__.py")))
