"""Keeping the partner's set-up in order: what is wrong between this house and Meta, and how it is put right."""
