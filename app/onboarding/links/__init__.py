"""Signup links: who is invited, for what, and how many new clients a week may come."""
