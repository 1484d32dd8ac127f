"""Entities and the certificates that they hold: public."""

from django.urls import path

from stannary.web.entities import views

app_name = "entities"
urlpatterns = [
    path("", views.index, name="list"),
    path("<slug:slug>/", views.page, name="entity"),
]
