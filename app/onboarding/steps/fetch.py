"""Step 1 where no code ever comes (Meta's own signup page, or an account shared before): ask Meta for the token.

Meta's page: "Hosted Embedded Signup". The partner's token asks for the one the client's portfolio has given our app;
asking again gives the same one, so nothing can be lost here.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.credentials.vault import OpenCredential
from app.kit.secret import Secret
from app.onboarding.arrivals.identify import identify
from app.onboarding.ledger import ledger
from app.onboarding.ledger.outcomes import Outcome, Waiting
from app.onboarding.ledger.walk import Walk
from app.onboarding.shares.partner_added import look_for
from app.onboarding.window.events import stored_event


def run(walk: Walk) -> Outcome:
    if not walk.facts.event_ids:
        # What is found now is read with the next look, which then follows at once.
        walk.write(lambda session, now: look_for(session, walk.facts.onboarding_id, now=now))
        return Waiting(ledger.FOR_SHARE)
    held = walk.find_credential()
    if held is None:
        business_id = stored_event(walk.facts.event_ids).business_id
        if business_id is None:
            business_id = _owner(walk)
        token = walk.meta.system_users.fetch_token(business_id, walk.system_token)
        walk.write(lambda session, now: _seal(session, walk, token, now))
        held = walk.open_credential()
    return identify(walk, held)


def _owner(walk: Walk) -> str:
    """Whose portfolio the account is in; a share that named none is asked about with the partner's token."""
    waba_id = stored_event(walk.facts.event_ids).waba_id or ""
    return walk.meta.accounts.get(waba_id, walk.system_token).owner_business_id or ""


def _seal(session: Session, walk: Walk, token: Secret, now: datetime) -> OpenCredential:
    row = walk.rt.vault.seal(
        session,
        kind="business_token",
        client_id=walk.facts.client_id,
        subject=walk.facts.onboarding_id,
        secret=token,
        now=now,
    )
    return OpenCredential(row.id, token, None)
