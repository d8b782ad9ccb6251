"""What Meta's signup window tells us on its way and at its end, and the ways to it and back."""
