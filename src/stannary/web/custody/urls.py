from django.urls import path

from stannary.web.custody import views

app_name = "lots"
urlpatterns = [path("", views.index, name="list")]
