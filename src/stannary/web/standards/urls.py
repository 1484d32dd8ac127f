from django.urls import path, register_converter

from stannary.web.standards import views


class ChapterId:
    """Two whole numbers: 1.2."""

    regex = r"[0-9]{1,4}\.[0-9]{1,4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RequirementId(ChapterId):
    """Four whole numbers: 1.2.3.4."""

    regex = r"[0-9]{1,4}(?:\.[0-9]{1,4}){3}"


register_converter(ChapterId, "chapter_id")
register_converter(RequirementId, "requirement_id")

app_name = "standards"
_EDITION = "<str:publisher>/<str:standard>/<str:edition>/"
urlpatterns = [
    path("", views.edition_list, name="list"),
    path(_EDITION, views.edition_page, name="edition"),
    path(_EDITION + "from/<str:older>/", views.transition_page, name="transition"),
    path(_EDITION + "tags/", views.tag_list, name="tags"),
    path(_EDITION + "tags/<str:tag>/", views.tag_page, name="tag"),
    path(_EDITION + "translations/", views.translation_page, name="translations"),
    path(_EDITION + "<chapter_id:chapter>/", views.chapter_page, name="chapter"),
    path(_EDITION + "<requirement_id:requirement>/", views.requirement_page, name="requirement"),
]
