from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "stannary.web.claims"

    def ready(self) -> None:
        """Tell custody which level an origin had, and judge claims when what they rest on changes."""
        from stannary.web.attestations import signals  # noqa: PLC0415 - models are loaded only now
        from stannary.web.claims import operations, sayable, tasks  # noqa: PLC0415 - as above
        from stannary.web.custody import heard, levels  # noqa: PLC0415 - as above
        from stannary.web.entities import heard as certificates  # noqa: PLC0415 - as above
        from stannary.web.project import schedule  # noqa: PLC0415 - as above

        levels.answer_with(sayable.levels_of)
        heard.when_kept(operations.judge_lots)
        heard.when_booked(operations.judge_booked)
        certificates.when_changed(operations.judge_sites)
        signals.status_changed.connect(operations.judge_attestation, dispatch_uid="claims")
        schedule.each_tick(tasks.look_again)
