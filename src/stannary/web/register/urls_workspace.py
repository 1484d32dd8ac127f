"""The desk of an entity, for its clerks."""

from django.urls import path

from stannary.web.register import views

app_name = "workspace"
urlpatterns = [path("<slug:slug>/", views.workspace, name="desk")]
