"""The local Meta: a separate program that plays Meta's side of a WhatsApp onboarding on this machine.

It imports nothing of the product and the product imports nothing of it; they meet over HTTP alone. Its world lives in
memory and is gone when the process ends. Start it with ``python -m sandbox``.

Rooms: ``world`` (what exists and what may happen to it), ``graph`` (the Graph API over that world), ``webhooks`` (what
Meta tells the app), ``sdk`` and ``dialog`` (what a browser sees), ``phone`` (the contact's side), ``control`` (the
``/_sandbox/`` doors for people and tests), ``faults`` (bad days on demand).
"""
