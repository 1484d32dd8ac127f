"""Jobs of surveillance: once a day it is looked what is due."""

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from stannary.web.entities.surveillance.reminding import operations as reminding
from stannary.web.project import mail


@task()
def remind() -> None:
    """Remind of surveillance that is due or overdue, unless that was done today; hand the mail over."""
    now = timezone.now()
    done = f"surveillance:reminded:{timezone.localdate(now)}"
    if cache.get(done):
        return
    if reminding.remind(now=now):
        mail.deliver_waiting()
    cache.set(done, value=True, timeout=86_400)
