"""From a signup link to a live number: links, signups, plans, steps, proofs, and the saga that walks them.

To add a step: one function in `steps/`, one line in `STEPS`, one word in the plans that want it.
"""
