from django.apps import AppConfig
from django.conf import settings
from django.db.models import Exists, OuterRef


class CycleConfig(AppConfig):
    name = "stannary.web.cycle"

    def ready(self) -> None:
        """Ask for a second factor also of those who audit or review in one engagement alone."""
        from stannary.web.accounts.queries import ask_also  # noqa: PLC0415 - models are loaded only now

        ask_also(_has_such_a_part)


def _has_such_a_part() -> Exists:
    from stannary.web.cycle.models import Member  # noqa: PLC0415 - models are loaded only now

    parts = Member.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    return Exists(parts.filter(role__in=settings.SECOND_FACTOR_ROLES))
