"""What publishing tells the apps above, inside its own transaction.

An app that listens may refuse: then nothing is published at all.
"""

from django.dispatch import Signal

result_published = Signal()
"""Sent with `row`, the PublishedResult, after it was stored."""
