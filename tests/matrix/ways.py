"""How an onboarding begins without a code from a browser: on Meta's own page, taken over, or entered by staff."""

from typing import Any

from app.kit import clock
from app.kit.ids import new_id, new_reference, readable
from app.kit.secret import Secret
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.window.events import BY_HAND, SHARED, EndEvent
from app.onboarding.window.signups import tell_event
from tests.onboarding.journey import Journey


def come(journey: Journey, way: str, wish: dict[str, Any]) -> dict[str, Any]:
    """What has happened at Meta before we hear of it."""
    if way == "adopted":
        made = journey.world.share(told=False)
        return {**made, "phone_number_id": made["phone_number_ids"][0]}
    return journey.world.signup(**wish, **({"way": "hosted"} if way == "hosted" else {}))


def make_token(journey: Journey, finished: dict[str, Any]) -> Secret:
    """Staff have made one in Business settings; the local Meta gives one for the code of a scripted popup."""
    partner, meta = journey.world.partner, journey.rt.meta
    assert partner.app_id == meta.graph.app_id
    return meta.oauth.exchange(Secret(finished["code"]))


def shared_by(finished: dict[str, Any], way: str = "hosted") -> EndEvent:
    """What the door of this way notes; staff who adopt ask for our credit line, where nobody pays yet."""
    kind = {"adopted": SHARED, "by_hand": BY_HAND}.get(way, "PARTNER_ADDED")
    more = {"share_credit": True, "numbers": len(finished["phone_number_ids"])} if way == "adopted" else {}
    return EndEvent(kind=kind, waba_id=finished["waba_id"], business_id=finished["business_id"], more=more)


def lay(journey: Journey, way: str, finished: dict[str, Any], token: Secret | None) -> str:
    """Lay the onboarding down as the doors of these ways do; its key."""
    visit, now = journey.visit(), clock.now()
    with journey.db.write() as session:
        run = Onboarding(
            id=new_id(),
            reference=new_reference("onb"),
            client_id=visit.client.id,
            way=way,
            on_our_credit=True,
            test_word=readable(4),
            begun_at=now,
            due_at=now,
        )
        session.add(run)
        session.flush()
        if way != "hosted":
            tell_event(run, shared_by(finished, way), now=now)
        if token is not None:
            journey.rt.vault.seal(
                session, kind="business_token", client_id=visit.client.id, subject=run.id, secret=token, now=now
            )
        ledger.lay_steps(session, run)
        return run.id


def tell_shared(journey: Journey, key: str, finished: dict[str, Any]) -> None:
    """PARTNER_ADDED has come for a client on Meta's own page."""
    with journey.db.write() as session:
        run = session.get_one(Onboarding, key, with_for_update=True)
        event = shared_by(finished)
        run.event_kind, run.event_ids, run.due_at = event.kind, event.as_stored(), clock.now()
        ledger.hurry(session, key, "fetch", now=clock.now())


def came_by_full_page(journey: Journey, key: str) -> None:
    """The code came with Meta's full page: no window will ever speak."""
    with journey.db.write() as session:
        session.get_one(Onboarding, key).way = "redirect"
