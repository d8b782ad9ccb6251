"""Meta's notifications: signature, durable intake, and one file per field under `fields/`.

To understand a new field, add `app/webhooks/fields/<field>.py` with `FIELD` and `handle(session, changes, now)`.
"""
