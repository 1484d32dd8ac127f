from django.urls import path

from stannary.web.publications import views

app_name = "results"
urlpatterns = [path("", views.index, name="list")]
