"""A link followed up by a program, and what a link tells of the windows that were opened through it."""

from datetime import timedelta

import time_machine

from app.kit import clock
from app.onboarding.links.links import get_link
from tests.api.program import Program, problem_of
from tests.api.test_links import FULL, NOON
from tests.factories.links import add_opening


@time_machine.travel(NOON, tick=False)
def test_a_link_is_followed_up_with_all_it_had_and_words_to_send(program: Program) -> None:
    old = program.make_link(**FULL | {"contact": {"name": "Alex Example", "language": "es"}}).get_json()
    with program.rt.db.read() as session:
        link = get_link(session, old["id"])
    add_opening(program.rt.db, link, at=NOON, event={"kind": "CANCEL", "current_step": "PERMISSIONS"})

    answer = program.ask("POST", f"/v1/links/{old['id']}/follow-up")

    assert answer.status_code == 201
    made = answer.get_json()
    assert answer.headers["Location"] == f"http://localhost:5000/v1/links/{made['id']}"
    assert made["client"] == old["client"]
    assert (made["plans"], made["expires_at"], made["state"]) == (["coexistence"], "2026-11-27T12:00:00Z", "open")
    assert made["url"] != old["url"]
    assert made["message"]["subject"] == "Conectar Example Bakery a WhatsApp"
    assert made["message"]["text"].startswith("Hola, Alex Example:\n\nSe detuvo en los permisos. La página dice")
    assert made["url"] in made["message"]["text"]
    with program.rt.db.read() as session:
        fresh = get_link(session, made["id"])
    assert (fresh.prefill, fresh.return_urls) == (FULL["prefill"], FULL["return_urls"])
    shown = program.get(f"/v1/links/{old['id']}").get_json()
    assert (shown["state"], shown["revoked_because"]) == ("revoked", "replaced")
    assert shown["openings"][0]["ending"] == "stopped_at_the_permissions"
    assert made["url"].rpartition("/")[2] not in program.get("/v1/links").text


def test_a_link_with_a_newer_one_is_not_followed_up_again(program: Program) -> None:
    old = program.make_link().get_json()
    program.ask("POST", f"/v1/links/{old['id']}/follow-up")
    answer = program.ask("POST", f"/v1/links/{old['id']}/follow-up")
    assert answer.status_code == 409
    assert problem_of(answer)["code"] == "replaced"
    assert len(program.get("/v1/links").get_json()["links"]) == 2


def test_a_link_that_is_not_there_cannot_be_followed_up(program: Program) -> None:
    answer = program.ask("POST", "/v1/links/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010/follow-up")
    assert answer.status_code == 404


def test_a_link_tells_every_opening_of_metas_window(program: Program) -> None:
    made = program.make_link().get_json()
    with program.rt.db.read() as session:
        link = get_link(session, made["id"])
    now = clock.now()
    add_opening(program.rt.db, link, at=now - timedelta(minutes=5), event={"kind": "ERROR", "error_id": "2388001"})
    add_opening(program.rt.db, link, at=now)
    shown = program.get(f"/v1/links/{made['id']}").get_json()
    assert (shown["stage"], shown["onboardings"]) == ("window", [])
    first, second = shown["openings"]
    assert (first["event"], first["ending"], first["says"]) == (None, None, None)
    assert (second["event"], second["error_id"], second["ending"]) == ("ERROR", "2388001", "held_by_another_provider")
