"""What engagements tell the apps above, inside the transaction of the act.

An app that listens may refuse: then nothing happened.
"""

from django.dispatch import Signal

opened = Signal()
"""Sent with `engagement`, `actor` and `at`, after an engagement was opened."""

acted = Signal()
"""Sent with `engagement`, `record`, `said` and `actor`, after an act was recorded."""
