from django.urls import path

from stannary.web.parties.facilities import views

app_name = "facilities"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.facility_page, name="facility"),
    path("<slug:slug>/change/", views.change, name="change"),
]
