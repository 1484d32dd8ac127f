from django.apps import AppConfig


class AttestationsConfig(AppConfig):
    name = "stannary.web.attestations"

    def ready(self) -> None:
        """Listen for published results: a level that is determined becomes an achievement."""
        from stannary.web.attestations import operations  # noqa: PLC0415 - models are not ready before
        from stannary.web.publications.signals import result_published  # noqa: PLC0415 - as above

        result_published.connect(operations.on_result_published, dispatch_uid="attestations")
