"""Jobs of totals. Each can be done twice: what it did the first time it finds done."""

from django.utils import timezone
from django_tasks import task

from stannary.web.totals import operations


@task()
def enter_today() -> None:
    """Enter today's totals of mines whose material moved since the last one, some at a time."""
    operations.enter_due(now=timezone.now())
