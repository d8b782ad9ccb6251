"""Plays one cell: sets the stage, lets it go wrong, lets the next worker go on, presses the button, and counts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from app.onboarding.walker import Walker
from app.runtime import Runtime
from tests.matrix import days
from tests.matrix.again import press
from tests.matrix.cast import Cast
from tests.matrix.cells import Cell
from tests.matrix.judge import UNKNOWN_ANSWER, Seen, judge
from tests.matrix.stage import Stage
from tests.matrix.traps import Trap, with_trap
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Death

MOST_COMMITS = 160


def play(stage: Stage, cell: Cell) -> Seen:
    """One cell from an empty database to its end."""
    if cell.kind == "commits":
        return _each_commit(stage, cell)
    return _once(stage, cell)


def _each_commit(stage: Stage, cell: Cell) -> Seen:
    """Every commit of a whole onboarding in turn is the one that never happens."""
    whole = Seen()
    for at_write in range(1, MOST_COMMITS):
        seen = _once(stage, cell, at_write=at_write)
        whole.word, whole.end, whole.effects, whole.calls = seen.word, seen.end, seen.effects, seen.calls
        whole.deaths += seen.deaths
        whole.wrong += [f"commit {at_write}: {wrong}" for wrong in seen.wrong]
        if not seen.deaths:
            break
    else:
        whole.wrong.append(f"still dying at commit {MOST_COMMITS}: those after it were never tried")
    if whole.deaths < 4:
        whole.wrong.append(f"only {whole.deaths} commits were ever tried")
    return whole


def _once(stage: Stage, cell: Cell, *, at_write: int | None = None) -> Seen:
    seen = Seen()
    with stage.set_for(cell.database) as rt, _alive(stage, rt) as clean, ExitStack() as rooms:
        cast = Cast(clean, cell.plan, cell.event)
        rooms.callback(cast.close)
        days.before(cast, cell)
        cast.prepare()
        cast.since = max((call["id"] for call in stage.world.calls()), default=0)
        trap = trap_of(stage, cell)
        doomed = rooms.enter_context(_doomed(stage, cell, rt, trap))
        trap.fate.at_write = at_write
        cast.journey = doomed
        rooms.enter_context(cast.clocks)
        try:
            days.first_act(cast, cell, trap)
        except Death:
            seen.deaths += 1
            doomed.walker.close()
            cast.journey = clean
            clean.end_leases()
            cast.post.end_leases(clean)
            _go_on(cast)
        seen.word = seen.end = cast.word()
        if cell.then and seen.word == cell.first:
            trap.lift()
            _second_act(cast)
            seen.end = cast.word()
        seen.calls = trap.seen
        if cell.call is not None and not trap.sprung:
            seen.wrong.append(f"the call {cell.call}#{cell.nth} was never made")
        judge(stage, cell, cast, seen, at_write=at_write)
    return seen


def trap_of(stage: Stage, cell: Cell) -> Trap:
    """The trap of a cell, not yet set in any process."""
    trap = Trap(stage.world, call=cell.call, nth=cell.nth)
    if cell.kind == "kill":
        trap.what = cell.what.removeprefix("killed ")
    elif cell.kind == "fault":
        # What passes by itself happens once; what a person must mend lasts until it is mended.
        trap.lasting = cell.then and cell.first != UNKNOWN_ANSWER and cell.what not in {"lost", "silent"}
        if isinstance(cell.answer, str):
            trap.what = cell.answer
        else:
            trap.answer = cell.answer
    return trap


def _go_on(cast: Cast) -> None:
    """The page is loaded again, and the next worker goes on when the lease has ended."""
    if cast.key is None:
        cast.arrive()
    cast.live_on(worker="next")


def _second_act(cast: Cast) -> None:
    """The trouble is gone, and whoever must act presses the button that the page or the console shows."""
    if cast.word() == UNKNOWN_ANSWER:
        # Nobody knows whether our answer reached anybody; after 20 hours a person decides.
        cast.travel(timedelta(hours=20, minutes=1))
        cast.live_on()
    if cast.word() == "waiting:number_listed":
        cast.travel(timedelta(minutes=10, seconds=1))
        cast.live_on()
        return
    for _ in range(3):
        if cast.word() == cast.plan.ends or not press(cast):
            return
        cast.live_on()


@contextmanager
def _alive(stage: Stage, rt: Runtime) -> Iterator[Journey]:
    walker = Walker(rt)
    try:
        yield Journey(rt, stage.world, walker)
    finally:
        walker.close()


@contextmanager
def _doomed(stage: Stage, cell: Cell, rt: Runtime, trap: Trap) -> Iterator[Journey]:
    inside = with_trap(rt, trap, stage.mortal[cell.database])
    try:
        with _alive(stage, inside) as journey:
            yield journey
    finally:
        inside.close()
