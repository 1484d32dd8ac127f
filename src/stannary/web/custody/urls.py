from django.urls import path

from stannary.web.custody import views

app_name = "lots"
urlpatterns = [
    path("", views.index, name="list"),
    # ids of lots may hold slashes, as GS1 Digital Links do; pages end in one, files do not
    path("<path:lot_id>/movements.csv", views.movements, name="movements"),
    path("<path:lot_id>/trace.json", views.trace_json, name="trace"),
    path("<path:lot_id>/", views.page, name="lot"),
]
