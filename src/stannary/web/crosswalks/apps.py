from django.apps import AppConfig


class CrosswalksConfig(AppConfig):
    name = "stannary.web.crosswalks"
