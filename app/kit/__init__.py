"""Ground floor: small nouns every other room may use. Imports only the standard library and third parties."""
