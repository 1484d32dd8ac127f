from django.apps import AppConfig
from django.conf import settings
from django.db.models import Exists, OuterRef


class CycleConfig(AppConfig):
    name = "stannary.web.cycle"

    def ready(self) -> None:
        """Ask those who audit one engagement for a second factor, and remind of what is due.

        And say to independence, which stands below, when interests are declared and cleared.
        """
        from stannary.web.accounts.queries import ask_also  # noqa: PLC0415 - models are loaded only now
        from stannary.web.cycle.queries import check_interests  # noqa: PLC0415 - as above
        from stannary.web.cycle.reminding import tasks  # noqa: PLC0415 - as above
        from stannary.web.independence import rights  # noqa: PLC0415 - as above
        from stannary.web.project import schedule  # noqa: PLC0415 - as above

        ask_also(_has_such_a_part)
        schedule.each_tick(tasks.remind)
        rights.ask(check_interests)


def _has_such_a_part() -> Exists:
    from stannary.web.cycle.models import Member  # noqa: PLC0415 - models are loaded only now

    parts = Member.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    return Exists(parts.filter(role__in=settings.SECOND_FACTOR_ROLES))
