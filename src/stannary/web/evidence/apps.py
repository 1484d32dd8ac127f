from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "stannary.web.evidence"
    label = "evidence"
