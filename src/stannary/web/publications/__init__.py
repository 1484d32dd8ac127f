"""The publications app."""
