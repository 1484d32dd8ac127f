from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "stannary.web.custody"

    def ready(self) -> None:
        """Forget files that nobody books, with every tick."""
        from stannary.web.custody.desk import tasks  # noqa: PLC0415 - models are loaded only now
        from stannary.web.project import schedule  # noqa: PLC0415 - as above

        schedule.each_tick(tasks.forget_unbooked)
