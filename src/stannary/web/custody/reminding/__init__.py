"""Reminders of the end of balance periods."""
