from django.urls import path

from stannary.web.assessments import carry_pages, side_pages, views

app_name = "assessments"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:assessment_id>/", views.overview, name="overview"),
    path("<int:assessment_id>/carry-over/", carry_pages.carry_over, name="carry_over"),
    path("<int:assessment_id>/side-by-side/", side_pages.side_by_side, name="side_by_side"),
    path("<int:assessment_id>/rate/", views.rate, name="rate"),
    path("<int:assessment_id>/rate/<str:requirement_id>/", views.rate_one, name="rate_one"),
]
