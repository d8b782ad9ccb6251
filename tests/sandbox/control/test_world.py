"""What ``GET /_sandbox/world`` shows, and what it hides."""

from tests.sandbox.desk import ADMIN, EMPLOYEE, PARTNER, Desk


def test_the_world_shows_no_secret(desk: Desk) -> None:
    done = desk.signup()
    token = desk.exchange(done["code"]).get_json()["access_token"]
    desk.post(f"/{done['phone_number_id']}/register", token, messaging_product="whatsapp", pin="135790")
    text = desk.ask("GET", "/world").text
    for secret in (
        done["code"],
        token,
        "135790",
        ADMIN + '"',
        EMPLOYEE + '"',
        PARTNER.app_secret,
        PARTNER.verify_token,
    ):
        assert secret not in text
    number = desk.ask("GET", "/world").get_json()["numbers"][-1]
    assert (number["status"], number["has_pin"], len(number["register_log"])) == ("CONNECTED", True, 1)


def test_the_table_of_example_numbers_can_be_listed(desk: Desk) -> None:
    rows = desk.ask("GET", "/world").get_json()["example_numbers"]
    kinds = {row["ending"]: row["kind"] for row in rows}
    assert kinds["10"] == "new"
    assert kinds["70"] == "phone_app"
    assert kinds["80"] == "consumer_app"
    assert all(row["meaning"] for row in rows)
    assert all("".join(filter(str.isdigit, row["number"])).endswith(row["ending"]) for row in rows)


def test_nothing_made_up_looks_real(desk: Desk) -> None:
    desk.onboard()
    world = desk.ask("GET", "/world").get_json()
    for row in [*world["businesses"], *world["people"]]:
        assert "Example" in row["name"]
