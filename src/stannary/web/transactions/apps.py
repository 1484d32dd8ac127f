from django.apps import AppConfig


class TransactionsConfig(AppConfig):
    name = "stannary.web.transactions"

    def ready(self) -> None:
        """Let every booking ask what open offers keep, and which periods are closed."""
        from stannary.web.custody import holds  # noqa: PLC0415 - models are loaded only now
        from stannary.web.project import schedule  # noqa: PLC0415 - as above
        from stannary.web.transactions import queries, tasks  # noqa: PLC0415 - as above
        from stannary.web.transactions.periods import queries as periods  # noqa: PLC0415 - as above

        schedule.each_tick(tasks.expire_due)
        holds.ask(queries.kept)
        holds.ask_whether_closed(periods.closed_to)
