from django.urls import path

from stannary.web.assessments import views

app_name = "assessments"
urlpatterns = [path("", views.index, name="list")]
