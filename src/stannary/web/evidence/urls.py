from django.urls import path

from stannary.web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.hand_in, name="new"),
    path("<uuid:item_id>/", views.item, name="item"),
    path("<uuid:item_id>/revise/", views.revise, name="revise"),
    path("<uuid:item_id>/twin/", views.twin, name="twin"),
    path("<uuid:item_id>/<uuid:version_id>/file", views.download, name="file"),
]
