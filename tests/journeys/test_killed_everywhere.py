"""`kill -9` of real processes at every boundary: the local Meta holds a chosen call, before or after its effect.

One worker holds many clients, each at a boundary of its own, so one kill cuts all of them off; the next worker must
bring every one of them aboard, and Meta's log must hold nothing twice.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import requests

from bench.local_meta import Popup
from bench.partner import is_connected, step
from bench.stack import kill_group, stack
from bench.visitor import Visitor
from tests.journeys.conftest import Stage, stage_of, without_worker
from tests.matrix.judge import twice
from tests.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

FOR_EVER = 900  # seconds; the caller is killed long before
# Every outside call of a plan by hand: path (of the client's own account or number), method, which of its kind.
EVERYWHERE = [
    ("/{waba}", "GET", 1),
    ("/{waba}", "GET", 2),
    ("/{waba}", "GET", 3),
    ("/{waba}/phone_numbers", "GET", 1),
    ("/{waba}/subscribed_apps", "GET", 1),
    ("/{waba}/subscribed_apps", "GET", 2),
    ("/{waba}/subscribed_apps", "POST", 1),
    ("/{waba}/assigned_users", "GET", 1),
    ("/{number}", "GET", 1),
    ("/{number}", "GET", 2),
]
OWN = {
    "standard": [*EVERYWHERE, ("/{number}", "GET", 3), ("/{number}/register", "POST", 1)],
    "coexistence": [*EVERYWHERE, ("/{number}/smb_app_data", "POST", 1), ("/{number}/smb_app_data", "POST", 2)],
}
# Calls whose path names no client: whoever comes first, and whoever comes second, is held.
SHARED = [
    ("/debug_token", "GET"),
    ("/*/owning_credit_allocation_configs", "GET"),
    ("/*/whatsapp_credit_sharing_and_attach", "POST"),
]
MOMENTS = ("before", "after")
AT_EXCHANGE = ("standard", "coexistence", "from_provider", "account_only", "unverified", "virtual")


@dataclass(frozen=True)
class Held:
    """A client, what its window handed over, and the fault that holds it."""

    visitor: Visitor
    popup: Popup
    fault: int | None
    what: str


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def workerless(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Stage]:
    """A house without a worker, whose leases are short, on either database."""
    with without_worker(request.param, worker_id, LEASE_SECONDS="1.0") as stage:
        yield stage


def come(stage: Stage, plan: str, what: str, **wish: Any) -> tuple[Visitor, Popup]:
    visitor = stage.open_link(f"Example {plan} {what}")
    visitor.open_window("coexistence" if plan == "coexistence" else "standard")
    return visitor, stage.meta.sign_up(plan, **wish)


def hold(stage: Stage, path: str, method: str, nth: int, moment: str) -> int:
    return stage.meta.fault(path=path, method=method, nth=nth, action={"hang_s": FOR_EVER}, when=moment, times=1)


def number_of(stage: Stage, popup: Popup) -> str:
    numbers = stage.meta.world()["numbers"]
    return popup.phone_number_id or str(next(row["id"] for row in numbers if popup.waba_id in row["account_ids"]))


def kill_while_held(stage: Stage, clients: Sequence[Held], faults: Sequence[int], given: dict[int, str]) -> None:
    """A worker runs into every hold and is killed there; the next one finds what it left."""
    with stage.house.second("app.worker") as worker:
        for place, client in enumerate(clients):
            if place not in given:
                given[place] = client.visitor.give_code(client.popup.code, client.popup.event)
        struck = until(lambda: all(stage.meta.fired(fault) for fault in faults), seconds=90, every=0.2)
        waiting = [client.what for client in clients if client.fault and not stage.meta.fired(client.fault)]
        assert struck, f"never came to {waiting}"
        worker.kill()
        worker.wait()


def assert_aboard(stage: Stage, clients: Sequence[Held], given: dict[int, str]) -> None:
    for place, client in enumerate(clients):
        found = stage.partner.wait(
            given[place], is_connected if "several" not in client.what else is_moving, seconds=120
        )
        assert found["status"] in {"connected", "live", "waiting"}, client.what


def is_moving(onboarding: dict[str, Any]) -> bool:
    """Connected, or waiting by itself for the credit line: where the portfolio has one, a share whose answer was
    lost may merely be invisible, and is asked for again after ten minutes; without one after 46 seconds.
    """
    return is_connected(onboarding) or step(onboarding, "credit")["state"] == "waiting"


def assert_once(stage: Stage, clients: Sequence[Held], since: int) -> None:
    """No register, share or attach after it had its effect, no sync twice; each as often as each client needs it."""
    log = stage.meta.calls(since=since)
    assert twice(log) == []
    for client in clients:
        number = number_of(stage, client.popup)
        of_number = [call["effect"] for call in log if call["path"].startswith(f"/{number}/")]
        is_app = "coexistence" in client.what
        assert of_number.count("registered") == (0 if is_app else 1), client.what
        assert of_number.count("contacts_synced") == of_number.count("history_synced") == int(is_app), client.what
        shared = [call for call in log if call["params"].get("waba_id") == client.popup.waba_id]
        assert [call["effect"] for call in shared].count("credit_attached") == 1, client.what


@pytest.mark.parametrize("plan", ["standard", "coexistence"])
def test_a_worker_killed_at_every_boundary_loses_and_repeats_nothing(workerless: Stage, plan: str) -> None:
    stage = workerless
    since = stage.meta.last_call()
    clients = []
    for path, method, nth in OWN[plan]:
        for moment in MOMENTS:
            what = f"{plan} {method} {path}#{nth} {moment}"
            visitor, popup = come(stage, plan, what)
            own = path.format(waba=popup.waba_id, number=number_of(stage, popup))
            clients.append(Held(visitor, popup, hold(stage, own, method, nth, moment), what))
    faults = [client.fault for client in clients if client.fault]
    for path, method in SHARED:
        for nth, moment in enumerate(MOMENTS, start=1):
            what = f"{plan} {method} {path} {moment}"
            clients.append(Held(*come(stage, plan, what), None, what))
            faults.append(hold(stage, path, method, nth, moment))
    given: dict[int, str] = {}
    kill_while_held(stage, clients, faults, given)
    with stage.house.second("app.worker"):
        assert_aboard(stage, clients, given)
    assert_once(stage, clients, since)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_killed_while_it_asks_who_we_are_at_meta_is_made_good(workerless: Stage, moment: str) -> None:
    """Each worker asks once which role our system user has; all its clients wait for that."""
    stage = workerless
    since = stage.meta.last_call()
    clients = [Held(*come(stage, plan, moment), None, f"{plan} {moment}") for plan in OWN]
    given: dict[int, str] = {}
    kill_while_held(stage, clients, [hold(stage, "/*/system_users", "GET", 1, moment)], given)
    with stage.house.second("app.worker"):
        assert_aboard(stage, clients, given)
    assert_once(stage, clients, since)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("plan", ["standard", "coexistence"])
def test_an_answer_held_at_a_kill_is_never_sent_again(workerless: Stage, plan: str, moment: str) -> None:
    stage = workerless
    visitor, popup = come(stage, plan, f"answer {moment}")
    number = number_of(stage, popup)
    with stage.house.second("app.worker") as worker:
        reference = visitor.give_code(popup.code, popup.event)
        stage.partner.wait(
            reference, lambda seen: is_connected(seen) and step(seen, "test")["state"] == "attention", seconds=60
        )
        fault = hold(stage, f"/{number}/messages", "POST", 1, moment)
        stage.meta.write(number, "447700900556", visitor.test_message())
        assert until(lambda: stage.meta.fired(fault), seconds=60)
        worker.kill()
        worker.wait()
    with stage.house.second("app.worker"):
        if moment == "after":
            stage.partner.wait(reference, lambda seen: seen["live_at"] is not None, seconds=60)
        else:
            assert until(lambda: step(stage.partner.read(reference), "test")["state"] == "waiting", seconds=60)
    assert len(stage.meta.calls(path=f"/{number}/messages", method="POST")) == 1


@pytest.mark.parametrize("moment", MOMENTS)
def test_others_are_made_good_too_when_the_worker_dies_at_share_and_register(workerless: Stage, moment: str) -> None:
    """Numbers from another provider, from Meta, two of one signup; accounts alone and numbers that are registered."""
    stage = workerless
    since = stage.meta.last_call()
    clients, faults = [], []
    for plan in ("from_provider", "virtual", "several"):
        what = f"{plan} register {moment}"
        visitor, popup = come(stage, plan, what)
        fault = hold(stage, f"/{number_of(stage, popup)}/register", "POST", 1, moment)
        clients.append(Held(visitor, popup, fault, what))
        faults.append(fault)
    # Whoever is first at the credit line is held there.
    faults.append(hold(stage, "/*/whatsapp_credit_sharing_and_attach", "POST", 1, moment))
    for plan in ("account_only", "registered"):
        clients.append(Held(*come(stage, plan, f"share {moment}"), None, f"{plan} share {moment}"))
    given: dict[int, str] = {}
    kill_while_held(stage, clients, faults, given)
    with stage.house.second("app.worker"):
        assert_aboard(stage, clients, given)
    assert twice(stage.meta.calls(since=since)) == []


@pytest.fixture(scope="module")
def webless() -> Iterator[Stage]:
    """A house whose web process each test itself starts and kills."""
    with stack(without=["web"]) as house:
        yield stage_of(house)


@pytest.mark.parametrize("moment", MOMENTS)
def test_codes_that_die_with_the_web_process_end_in_connect_again(webless: Stage, moment: str) -> None:
    """Between the exchange and its record nobody can save a code; the page must say so, and never try for ever."""
    stage = webless
    with ExitStack() as rooms:
        web = rooms.enter_context(stage.house.web())
        assert until(lambda: is_up(stage), seconds=60)
        clients = {plan: come(stage, plan, f"exchange {moment}") for plan in AT_EXCHANGE}
        since = stage.meta.last_call()
        hang = {"hang_s": FOR_EVER}
        path = "/oauth/access_token"
        fault = stage.meta.fault(path=path, method="POST", action=hang, when=moment, times=len(clients))
        posters = [
            rooms.enter_context(in_background(partial(visitor.say, "exchange-token", code=popup.code)))
            for visitor, popup in clients.values()
        ]
        assert until(lambda: stage.meta.fired(fault) == len(clients), seconds=60)
        kill_group(web)
        for poster in posters:
            poster.join(30)
        rooms.enter_context(stage.house.web())
        assert until(lambda: is_up(stage), seconds=60)
        for plan, (visitor, popup) in clients.items():
            # Whoever held the code may still be at work; the page asks again until that is over, a minute at most.
            answers = []
            assert until(
                lambda: (
                    answers.append(visitor.say("exchange-token", code=popup.code))  # noqa: B023 - asked at once
                    or answers[-1].status_code != 409  # noqa: B023 - as above
                ),
                seconds=90,
                every=1.0,
            ), plan
            assert answers[-1].status_code == 422, plan
            assert answers[-1].json()["code"] in {"code_used", "code_expired"}, plan
            # Connect again: the same page, a new window.
            visitor.open_window("coexistence" if plan == "coexistence" else "standard")
            again = stage.meta.sign_up(plan)
            assert visitor.give_code(again.code, again.event), plan
        # For each client the exchange that was cut off, the one that found the code used, and the new code's.
        assert len(stage.meta.calls(since=since, path=path)) == 3 * len(clients)


@contextmanager
def in_background(do: Callable[[], object]) -> Iterator[threading.Thread]:
    """A browser whose request never gets an answer."""

    def run() -> None:
        with suppress(requests.RequestException):
            do()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield thread


def is_up(stage: Stage) -> bool:
    try:
        return requests.get(f"{stage.house.base_url}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
