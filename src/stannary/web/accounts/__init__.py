"""Signing in: passwords, second factors, limits on tries, and the people of the system."""
