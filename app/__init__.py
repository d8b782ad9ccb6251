"""Gangway, the product. Rooms and floors are described in docs/architecture.md; nothing is imported here."""
