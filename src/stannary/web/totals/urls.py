"""Receipts at the desk of an entity, for its clerks."""

from django.urls import path

from stannary.web.totals import views

app_name = "totals"
urlpatterns = [
    path("<slug:slug>/totals/", views.receipts, name="receipts"),
    path("<slug:slug>/totals/<slug:mine>/<str:day>.json", views.receipt, name="receipt"),
]
