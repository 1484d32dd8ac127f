from django.urls import path

from stannary.web.stakeholders import views

app_name = "stakeholders"
urlpatterns = [
    path("", views.index, name="input"),
    path("input.csv", views.as_csv, name="csv"),
    path("record/", views.record, name="record"),
    path("<int:number>/decide/", views.decide, name="decide"),
]
