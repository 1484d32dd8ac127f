"""The secretariat's pages about everybody who can sign in."""

from django.urls import path

from stannary.web.accounts import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("invite/", views.invite, name="invite"),
    path("<int:person_id>/", views.person_page, name="person"),
]
