"""One file for each webhook field we understand, found by the registry; `hearing.Field` says what is in it."""
