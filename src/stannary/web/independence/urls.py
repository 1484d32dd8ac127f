"""Audit firms: what is public of them, and the pages of their own people."""

from django.urls import path

from stannary.web.independence import views

app_name = "firms"
urlpatterns = [
    path("", views.firm_list, name="list"),
    path("<slug:slug>/", views.firm_page, name="firm"),
    path("<slug:slug>/inside/", views.inside, name="inside"),
    path("<slug:slug>/apply/", views.apply, name="apply"),
]
