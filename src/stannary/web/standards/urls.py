from django.urls import path

from stannary.web.standards import views

app_name = "standards"
urlpatterns = [path("", views.index, name="list")]
