from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    name = "stannary.web.stakeholders"
    label = "stakeholders"
