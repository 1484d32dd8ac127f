"""Conversion factors: public; forms for clerks and the secretariat."""

from django.urls import path

from stannary.web.entities.factors import views

app_name = "factors"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.state, name="state"),
    path("<slug:number>/", views.page, name="factor"),
]
