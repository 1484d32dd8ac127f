from django.urls import path

from stannary.web.publications import change_views, files, views

app_name = "results"
urlpatterns = [
    path("", views.index, name="list"),
    path("publish/<int:assessment_id>/", views.publish, name="publish"),
    path("<uuid:result_id>/", views.page, name="page"),
    path("<uuid:result_id>/derivation/", views.derived, name="derivation"),
    path("<uuid:result_id>/correct/", change_views.correct, name="correct"),
    path("<uuid:result_id>/changes/<uuid:other_id>/", change_views.page, name="changes"),
    path(
        "<uuid:result_id>/changes/<uuid:other_id>.json", change_views.content, name="changes_json"
    ),
    path("<uuid:result_id>.json", files.content, name="json"),
    path("<uuid:result_id>.csv", files.ratings, name="csv"),
    path("<uuid:result_id>.pdf", files.pdf, name="pdf"),
    path("<uuid:result_id>.oscal.json", files.oscal, name="oscal"),
    path("<uuid:result_id>.zip", files.archive, name="zip"),
    path("<uuid:result_id>.xlsx", files.workbook, name="xlsx"),
    path("<uuid:result_id>.result.json", files.bundle, name="bundle"),
]
