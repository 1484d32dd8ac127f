"""Jobs of the books: once a day they are kept anew, because periods end and credits expire."""

from django.utils import timezone
from django_tasks import task

from stannary.web.custody import ledger, operations, queries
from stannary.web.custody.models import Book
from stannary.web.custody.reminding import operations as reminding
from stannary.web.custody.state import checks
from stannary.web.project import mail


@task()
def keep_today() -> None:
    """Tell accounts and credits as of today, unless that is done."""
    today = timezone.localdate()
    if Book.objects.filter(kept_on__lt=today).exists() or not queries.given_is_known():
        operations.keep_again(today=today)


@task()
def check_today() -> None:
    """Replay all movements and compare them with the books, unless that was done today."""
    now = timezone.now()
    if checks.is_due(timezone.localdate(now)):
        checks.check(now=now)


@task()
def remind_of_periods() -> None:
    """Remind who books of balance periods that end soon, and hand the mail over."""
    if reminding.remind(now=timezone.now()):
        mail.deliver_waiting()


@task()
def release_postings() -> None:
    """Release what of the ledger was reserved and has expired, unless a sequencer leads."""
    ledger.release_due(at_ms=ledger.now_ms())
