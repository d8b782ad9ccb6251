"""The books of a run: its steps, what they may do, what they did and came to, and what is never done twice."""
