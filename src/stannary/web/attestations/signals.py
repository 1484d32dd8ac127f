"""What a changed status tells the apps above, inside its own transaction."""

from django.dispatch import Signal

status_changed = Signal()
"""Sent with `achievement_id`, after an achievement was suspended, withdrawn or restored."""
