"""Reminders of surveillance."""
