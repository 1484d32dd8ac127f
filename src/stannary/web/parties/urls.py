from django.urls import path

from stannary.web.parties import views

app_name = "sites"
urlpatterns = [path("", views.index, name="list")]
