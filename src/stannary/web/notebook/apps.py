from django.apps import AppConfig


class NotebookConfig(AppConfig):
    name = "stannary.web.notebook"
    label = "notebook"
