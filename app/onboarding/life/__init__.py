"""What Meta and people tell of a number while its steps stand and after them."""
