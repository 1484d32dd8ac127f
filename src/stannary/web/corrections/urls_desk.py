"""The secretariat's desk: findings of all engagements."""

from django.urls import path

from stannary.web.corrections import views

app_name = "findings"
urlpatterns = [
    path("", views.everywhere, name="everywhere"),
    path("findings.csv", views.everywhere_csv, name="everywhere_csv"),
]
