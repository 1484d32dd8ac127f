from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "stannary.web.entities"

    def ready(self) -> None:
        """Remind of surveillance that is due."""
        from stannary.web.entities.surveillance import tasks  # noqa: PLC0415 - models are loaded only now
        from stannary.web.project import schedule  # noqa: PLC0415 - as above

        schedule.each_tick(tasks.remind)
