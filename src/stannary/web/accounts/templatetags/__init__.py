"""Tags of the accounts app."""
