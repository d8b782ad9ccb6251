"""Alerts: every change of an incident is told once on every channel that wants it. Channels are `ALERT_URLS`."""
