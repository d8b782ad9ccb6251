"""What Meta tells the app: bodies in Meta's style, signed, delivered from a queue and tried again for seven days."""
