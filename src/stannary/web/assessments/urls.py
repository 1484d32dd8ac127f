from django.urls import path

from stannary.web.assessments import carry_pages, side_pages, views
from stannary.web.assessments.respondents import answering, desk_pages

app_name = "assessments"
urlpatterns = [
    path("", views.index, name="list"),
    path("to-answer/<int:assignment_id>/", answering.with_account, name="to_answer"),
    path(
        "to-answer/<int:assignment_id>/<str:part>/", answering.with_account, name="to_answer_part"
    ),
    path("<int:assessment_id>/respondents/", desk_pages.desk, name="respondents"),
    path("<int:assessment_id>/respondents/<int:assignment_id>/", desk_pages.one, name="respondent"),
    path("<int:assessment_id>/", views.overview, name="overview"),
    path("<int:assessment_id>/derivation/", views.derived, name="derivation"),
    path("<int:assessment_id>/carry-over/", carry_pages.carry_over, name="carry_over"),
    path("<int:assessment_id>/side-by-side/", side_pages.side_by_side, name="side_by_side"),
    path("<int:assessment_id>/rate/", views.rate, name="rate"),
    path("<int:assessment_id>/rate/<str:requirement_id>/", views.rate_one, name="rate_one"),
]
