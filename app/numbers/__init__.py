"""Accounts (Meta's WABAs), numbers, and the links between them.

Since Meta's account split of 2026 a number may belong to several accounts and partners: ids are opaque text and nothing
is unique by `phone_number_id` alone.
"""
