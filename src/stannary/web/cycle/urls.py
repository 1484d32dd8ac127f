from django.urls import path

from stannary.web.cycle import views

app_name = "engagements"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.open_one, name="open"),
    path("overview/", views.secretariat, name="overview"),
    path("overview.csv", views.secretariat_csv, name="overview_csv"),
    path("<uuid:engagement_id>/", views.engagement, name="engagement"),
    path("<uuid:engagement_id>/act/", views.act, name="act"),
    path("<uuid:engagement_id>/people/", views.add_member, name="add_member"),
    path("<uuid:engagement_id>/people/<int:member_id>/end/", views.end_member, name="end_member"),
    path("<uuid:engagement_id>/scope/", views.scope, name="scope"),
    path("<uuid:engagement_id>/relevance/", views.propose, name="propose"),
    path("<uuid:engagement_id>/relevance/judge/", views.judge, name="judge"),
]
