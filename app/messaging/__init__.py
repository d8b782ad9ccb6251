"""Messages in and out. Today: what the two-way test of an onboarding needs, and every inbound message kept."""
