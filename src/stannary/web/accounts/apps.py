from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stannary.web.accounts"

    def ready(self) -> None:
        """Listen to what the library for accounts tells."""
        from stannary.web.accounts import signals  # noqa: PLC0415 - models are loaded only now

        signals.connect()
