from django.urls import path, register_converter

from stannary.formats.crosswalks import NAME
from stannary.web.crosswalks import views


class CrosswalkName:
    """Small letters, digits, dots and hyphens."""

    regex = NAME.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CrosswalkName, "crosswalk_name")

app_name = "crosswalks"
urlpatterns = [
    path("", views.index, name="list"),
    path("plan/", views.plan, name="plan"),
    path("<crosswalk_name:name>/", views.crosswalk_page, name="crosswalk"),
    path("<crosswalk_name:name>/gaps/", views.gaps, name="gaps"),
]
