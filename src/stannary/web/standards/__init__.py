"""The standards app."""
