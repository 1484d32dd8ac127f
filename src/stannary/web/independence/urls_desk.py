"""The secretariat's pages about firms and their people, and a person's own declaration."""

from django.urls import path

from stannary.web.independence import desk, views

app_name = "independence"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("applications/<int:application_id>/", desk.application, name="application"),
    path("approvals/<int:approval_id>/", desk.approval, name="approval"),
    path("people/<int:person_id>/", desk.person, name="person"),
    path("interests/<int:interest_id>/", desk.interest, name="interest"),
    path("check/", desk.check, name="check"),
    path("declarations/<uuid:engagement_id>/", views.declare, name="declare"),
]
