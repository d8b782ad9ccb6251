"""Credentials: the rows, the keys that seal them, and the one place that opens them."""
