from django.urls import path

from stannary.web.corrections import views

app_name = "corrections"
urlpatterns = [
    path("", views.index, name="list"),
    path("findings.csv", views.as_csv, name="csv"),
    path("raise/", views.raise_one, name="raise"),
    path("<int:number>/", views.finding, name="finding"),
    path("<int:number>/step/", views.step, name="step"),
]
