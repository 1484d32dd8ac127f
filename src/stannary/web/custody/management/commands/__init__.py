"""Commands of the custody app."""
