"""The verification app."""
