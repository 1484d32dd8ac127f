"""Surveillance of certificates: for those who have to do with it."""

from django.urls import path

from stannary.web.entities.surveillance import views

app_name = "surveillance"
urlpatterns = [
    path("", views.index, name="list"),
    path("<slug:number>/", views.certificate, name="certificate"),
]
