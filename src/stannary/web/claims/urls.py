from django.urls import path

from stannary.web.claims import views

app_name = "claims"
urlpatterns = [path("", views.index, name="list")]
