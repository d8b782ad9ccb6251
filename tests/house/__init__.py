"""Tests about the building: what holds everywhere, so that no reviewer has to look for it."""
