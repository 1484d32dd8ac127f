from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "stannary.web.custody"

    def ready(self) -> None:
        """Forget files that nobody books with every tick, and keep the books when days pass."""
        from stannary.web.custody import keeping_tasks, operations  # noqa: PLC0415 - as above
        from stannary.web.custody.desk import tasks  # noqa: PLC0415 - models are loaded only now
        from stannary.web.custody.state import checks  # noqa: PLC0415 - as above
        from stannary.web.custody.tracing import tasks as arrays  # noqa: PLC0415 - as above
        from stannary.web.entities import heard  # noqa: PLC0415 - as above
        from stannary.web.project import health, schedule  # noqa: PLC0415 - as above

        schedule.each_tick(tasks.forget_unbooked)
        schedule.each_tick(keeping_tasks.keep_today)
        schedule.each_tick(keeping_tasks.check_today)
        schedule.each_tick(keeping_tasks.remind_of_periods)
        schedule.each_tick(keeping_tasks.release_postings)
        health.ask(checks.health)
        schedule.each_tick(arrays.follow_book)
        schedule.each_tick(arrays.check_today)
        heard.when_changed(operations.keep_again)
