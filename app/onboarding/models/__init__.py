"""The tables of onboarding, one noun a file."""

from app.onboarding.models.ledger import Act, Onboarding, Proof, Step, StepCall
from app.onboarding.models.links import ConnectSession, Consent, Link
from app.onboarding.models.signups import Signup
from app.onboarding.models.syncs import Sync

__all__ = ["Act", "ConnectSession", "Consent", "Link", "Onboarding", "Proof", "Signup", "Step", "StepCall", "Sync"]
