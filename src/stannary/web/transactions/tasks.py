"""Jobs of transactions: offers that ended are recorded as expired."""

from django.utils import timezone
from django_tasks import task

from stannary.web.transactions import operations


@task()
def expire_due() -> None:
    """Record what has expired since the last tick."""
    operations.expire_due(now=timezone.now())
