"""How far links bring their clients, who stopped where, and the words that bring them back."""
