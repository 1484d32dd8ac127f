from django.urls import path

from stannary.web.publications import views

app_name = "results"
urlpatterns = [
    path("", views.index, name="list"),
    path("publish/<int:assessment_id>/", views.publish, name="publish"),
    path("<uuid:result_id>/", views.page, name="page"),
    path("<uuid:result_id>.json", views.content, name="json"),
    path("<uuid:result_id>.csv", views.ratings, name="csv"),
    path("<uuid:result_id>.pdf", views.pdf, name="pdf"),
    path("<uuid:result_id>.result.json", views.bundle, name="bundle"),
]
