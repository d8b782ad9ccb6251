"""Durable work: due rows, leases on them, and the wake-ups that carry no truth. Knows no feature."""
