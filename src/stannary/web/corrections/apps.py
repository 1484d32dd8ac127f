from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "stannary.web.corrections"
    label = "corrections"
