from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "stannary.web.assessments"

    def ready(self) -> None:
        """Open assessments when acts of engagements ask for them, and tell engagements of them."""
        from stannary.web.assessments import joining, telling  # noqa: PLC0415 - models are loaded only now
        from stannary.web.cycle import facts, signals  # noqa: PLC0415 - as above

        signals.opened.connect(joining.on_opened, dispatch_uid="assessments")
        signals.acted.connect(joining.on_acted, dispatch_uid="assessments")
        facts.tell(unanswered=telling.unanswered, rated=telling.rated)
