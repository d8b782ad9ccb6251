"""From a signup link to a live number: links, signups, plans, steps, proofs, and the walker that walks them.

Rooms, from the ground up (doors open downward only): `models`, `plans`, `rules`, `currencies` → `links`, `ledger` →
`window`, `life` → `reading`, `shares` → `funnel`, `arrivals` → `steps` → `walker` → `jobs`.
To add a step: one function in `steps/`, one line in `STEPS`, one word in the plans that want it.
"""
