"""Meta's Graph API with plain arguments: no Flask, no database, replies as frozen dataclasses, errors by meaning.

`client.Meta` holds one group of calls per file; `transport.Graph` is the wire under them; `errors` says what went
wrong and `catalogue` what that means for people. To add a call: a method in the file of its noun, and its card in
`tests/contract/cards/`.
"""
