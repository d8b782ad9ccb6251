"""Who may come in: staff with their sessions, and the API keys of the partner's programs."""
