"""What programs see: `/v1`, asked with an API key, answered in JSON, described by `/v1/openapi.json`.

To add a door: a function in the file of its noun, under its blueprint, with `@reads` and the scope it needs; models of
its replies in `replies.py`. A door without a scope is closed to everybody.
"""
