"""The secretariat's pages about entities and certificates."""

from django.urls import path

from stannary.web.entities import views

app_name = "certificates"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("to/<slug:slug>/", views.issue, name="issue"),
    path("<slug:number>/", views.certificate, name="certificate"),
]
