from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "stannary.web.claims"

    def ready(self) -> None:
        """Tell custody, which does not know achievements, which level an origin had."""
        from stannary.web.claims import sayable  # noqa: PLC0415 - models are loaded only now
        from stannary.web.custody import levels  # noqa: PLC0415 - models are loaded only now

        levels.answer_with(sayable.levels_of)
