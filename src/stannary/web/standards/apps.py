from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "stannary.web.standards"

    def ready(self) -> None:
        """Let site pages, which stand below this app, look up the edition of a site."""
        from stannary.web.parties import editions  # noqa: PLC0415 - models are not ready earlier
        from stannary.web.standards import queries  # noqa: PLC0415 - models are not ready earlier

        editions.answer_with(queries.edition_or_none)
