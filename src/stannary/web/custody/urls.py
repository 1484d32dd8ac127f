from django.urls import path

from stannary.web.custody import views

app_name = "lots"
urlpatterns = [
    path("", views.index, name="list"),
    path("<str:lot_id>/", views.page, name="lot"),
    path("<str:lot_id>/movements.csv", views.movements, name="movements"),
    path("<str:lot_id>/trace.json", views.trace_json, name="trace"),
]
