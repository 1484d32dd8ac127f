"""Jobs of reminders: find what is due, write each mail, hand all of them over."""

from django.utils import timezone
from django_tasks import task

from stannary.web.cycle.reminding import operations
from stannary.web.project import mail


@task()
def remind() -> None:
    """Make the reminders of today and queue each; note what became of earlier ones."""
    now = timezone.now()
    operations.settle(now=now)
    found = operations.remind(now=now)
    for reminder_id in found:
        write.enqueue(reminder_id)
    if found:
        hand_over.enqueue()  # jobs are done in the order in which they are queued


@task()
def write(reminder_id: int) -> None:
    """Write the mail of one reminder; one that fails keeps no other from its mail."""
    operations.write(reminder_id=reminder_id)


@task()
def hand_over() -> None:
    """Send what waits; what cannot be handed over is tried again with the next tick."""
    mail.deliver_waiting()
    operations.settle(now=timezone.now())
