"""The custody app."""
