from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "stannary.web.publications"

    def ready(self) -> None:
        """Let gap reports, which stand below this app, look up published ratings."""
        from stannary.web.crosswalks import results  # noqa: PLC0415 - models are not ready earlier
        from stannary.web.publications.crosswalk_source import (  # noqa: PLC0415 - as above
            SOURCE,
        )

        results.answer_with(SOURCE)
