"""Time and a fresh start."""

from tests.sandbox.desk import ADMIN, LINE, Desk, error_of


def test_the_clock_moves_both_ways(desk: Desk) -> None:
    now = desk.ask("GET", "/world").get_json()["now"]
    assert 3600 <= desk.ask("POST", "/clock", {"advance_seconds": 3600}).get_json()["now"] - now < 3660
    assert -60 < desk.ask("POST", "/clock", {"advance_seconds": -3600}).get_json()["now"] - now < 60


def test_a_reset_keeps_the_partner_and_forgets_the_rest(desk: Desk) -> None:
    client = desk.live_client()
    desk.advance(3600)
    desk.ask("POST", "/faults", {"action": {"status": 500}, "match": {"path": "/x"}})
    before = desk.ask("GET", "/world").get_json()["now"]
    assert desk.ask("POST", "/reset").get_json() == {"ok": True}
    assert before - desk.ask("GET", "/world").get_json()["now"] > 3000
    assert desk.ask("GET", "/calls").get_json() == {"calls": []}
    assert desk.ask("GET", "/faults").get_json() == {"faults": []}
    assert desk.ask("GET", "/world").get_json()["webhooks"] == []
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, None)
    assert desk.get(f"/{LINE}", ADMIN).get_json()["id"] == LINE
    assert desk.onboard().token
