"""How an onboarding begins, by whichever way, and whose the account and number are that it brings."""
