from django.apps import AppConfig


class TotalsConfig(AppConfig):
    name = "stannary.web.totals"

    def ready(self) -> None:
        """Enter the totals of mines whose material moved, once a day."""
        from stannary.web.project import schedule  # noqa: PLC0415 - models are loaded only now
        from stannary.web.totals import tasks  # noqa: PLC0415 - as above

        schedule.each_tick(tasks.enter_today)
