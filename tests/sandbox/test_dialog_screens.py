"""What the screens offer to choose from."""

from sandbox.dialog.screens import find_free
from sandbox.world.example_numbers import find_example
from tests.sandbox.desk import PARTNER, Desk
from tests.sandbox.test_dialog import open_window


def test_people_who_came_by_a_script_are_not_offered_for_log_in(desk: Desk) -> None:
    desk.signup()
    page = desk.http.get(open_window(desk)).text
    assert [name for name in ("Alex", "Sam", "Robin", "Pat") if f"Continue as {name} Example" in page] == [
        "Alex",
        "Sam",
        "Robin",
    ]


def test_an_example_number_that_is_taken_gives_way_to_the_next_of_its_kind(desk: Desk) -> None:
    example = find_example("+1 555 010 0170")
    assert find_free(desk.runtime.world, example) == "+1 555-010-0170"
    desk.signup(plan="coexistence", number="15550100170")
    assert find_free(desk.runtime.world, example) == "+1 555-010-0270"


def test_the_window_names_the_app_that_asks(desk: Desk) -> None:
    desk.runtime.world.records.apps[PARTNER.app_id].name = "Example Connect <b>"
    assert "Example Connect &lt;b&gt;" in desk.http.get(open_window(desk)).text
