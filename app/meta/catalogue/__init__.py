"""What an error of Meta's means for people: who must act, and what exactly they do.

The knowledge is data, in the `.toml` files beside this one; `rows.py` reads and checks them once. To add a code: one
`[[row]]` in the file of its subject, and its class in `app/meta/verdicts.py` if waiting helps. A row says

    match   numbers it speaks of: "190", "190/463" (code/subcode), "190/*" (any subcode), "200-299"
    step    only in this step, or these: window exchange fetch inspect subscribe credit verify register … (absent = any)
    key     its name, unique            meaning  one sentence for staff
    who     client partner meta nobody  do       what staff do or ask for        link   a page of Meta's
    retry   auto by_hand never          client   a text of `client.toml`
    button  which of our own buttons helps: try_again connect_again request_code enter_pin open_manager share_credit
            send_test none

What we find ourselves, without an error of Meta's, stands in `findings.toml` by key, with the same columns.
"""

from app.meta.catalogue.listing import Entry, entries, read_numbers, search
from app.meta.catalogue.lookup import client_texts, describe, explain, tell
from app.meta.catalogue.rows import Button, Explanation, Step

__all__ = [
    "Button",
    "Entry",
    "Explanation",
    "Step",
    "client_texts",
    "describe",
    "entries",
    "explain",
    "read_numbers",
    "search",
    "tell",
]
