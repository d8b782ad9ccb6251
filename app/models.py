"""Every table of the product, gathered for migrations and for the tests that compare the two."""

from app.access.models import ApiKey, SignInTry, Staff, StaffSession
from app.audit.models import AuditEntry
from app.clients.models import Client
from app.credentials.models import Credential, TokenWatch
from app.db import Base
from app.incidents.models import Incident, IncidentChange
from app.mail.models import Mail
from app.messaging.models import Message
from app.numbers.models import Account, Number
from app.onboarding.models import ConnectSession, Consent, Link, Onboarding, Proof, Signup, Step, StepCall
from app.records.models import PrivacyRequest
from app.upkeep.alerts.models import Notice
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.tokens.models import TokenRenewal, TokenWarning
from app.webhooks.models import Notification
from app.work.models import Beat, Leadership, PaceRow, Schedule, Tick

__all__ = [
    "Account",
    "AccountCheck",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Beat",
    "Client",
    "ConnectSession",
    "Consent",
    "Credential",
    "Fact",
    "Incident",
    "IncidentChange",
    "Leadership",
    "Link",
    "Mail",
    "Message",
    "Notice",
    "Notification",
    "Number",
    "Onboarding",
    "PaceRow",
    "PrivacyRequest",
    "Proof",
    "Schedule",
    "SignInTry",
    "Signup",
    "Staff",
    "StaffSession",
    "Step",
    "StepCall",
    "Tick",
    "TokenRenewal",
    "TokenWarning",
    "TokenWatch",
]
