"""The businesses we onboard."""
