"""What a client agrees to in the click that opens Meta's window or one of Meta's pages, as the request tells it."""

from app.onboarding.rules import REQUIRED_SCOPES
from app.onboarding.window.signups import ConsentGiven
from app.web.here import rt
from app.web.languages import page_language
from app.web.requests import client_address, user_agent


def consent_given() -> ConsentGiven:
    """The terms this page speaks of, in its language, and who clicks from where."""
    settings = rt().settings
    return ConsentGiven(
        terms_version=settings.terms_version,
        language=page_language(),
        scopes=tuple(sorted(REQUIRED_SCOPES)),
        address=client_address(),
        user_agent=user_agent(),
        partner=settings.partner_name,
        terms_url=settings.terms_url or None,
    )
