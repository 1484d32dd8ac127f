"""Jobs of claims. Each can be done twice: what it did the first time it finds done."""

from django.utils import timezone
from django_tasks import task

from stannary.web.claims import operations


@task()
def look_again() -> None:
    """Mark claims that are no longer supported, and enter withdrawals that the log lacks."""
    operations.enter_withdrawals()
    operations.judge_all(at=timezone.now())
