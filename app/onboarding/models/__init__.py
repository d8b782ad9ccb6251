"""The tables of onboarding, one noun a file."""

from app.onboarding.models.ledger import Onboarding, Proof, Step, StepCall
from app.onboarding.models.links import ConnectSession, Consent, Link
from app.onboarding.models.signups import Signup

__all__ = ["ConnectSession", "Consent", "Link", "Onboarding", "Proof", "Signup", "Step", "StepCall"]
