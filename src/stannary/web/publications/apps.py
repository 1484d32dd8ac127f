from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "stannary.web.publications"

    def ready(self) -> None:
        """Let gap reports and engagements, which stand below this app, ask for results."""
        from stannary.web.crosswalks import results  # noqa: PLC0415 - models are not ready earlier
        from stannary.web.cycle import facts  # noqa: PLC0415 - as above
        from stannary.web.publications.crosswalk_source import (  # noqa: PLC0415 - as above
            SOURCE,
        )
        from stannary.web.publications.queries import released, reported  # noqa: PLC0415 - as above

        results.answer_with(SOURCE)
        facts.tell(reported=reported, released=released)
