"""All addresses. English without a prefix, other languages under theirs; files and API without."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from stannary.web.assessments.respondents.answering import by_link
from stannary.web.project import views
from stannary.web.project.api import api
from stannary.web.project.jobs import jobs
from stannary.web.verification.views import verify_page

urlpatterns = [
    path("api/v1/", api.urls),
    path("data/", include("stannary.web.project.urls_data")),
    path("", include("stannary.web.transparency_log.urls_files")),
    path("health", views.health, name="health"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("work/", views.work, name="work"),
        path("jobs/", jobs, name="jobs"),
        path("about/", views.about, name="about"),
        path("design/", views.design, name="design"),
        path("rules/", views.rule_list, name="rules"),
        path("rules/<str:code>/", views.rule_page, name="rule"),
        path("open-data/", views.data, name="data"),
        path("sites/", include("stannary.web.parties.urls")),
        path("standards/", include("stannary.web.standards.urls")),
        path("crosswalks/", include("stannary.web.crosswalks.urls")),
        path("engagements/", include("stannary.web.cycle.urls")),
        path("engagements/<uuid:engagement_id>/evidence/", include("stannary.web.evidence.urls")),
        path(
            "engagements/<uuid:engagement_id>/findings/", include("stannary.web.corrections.urls")
        ),
        path("engagements/<uuid:engagement_id>/input/", include("stannary.web.stakeholders.urls")),
        path("findings/", include("stannary.web.corrections.urls_desk")),
        path("firms/", include("stannary.web.independence.urls")),
        path("independence/", include("stannary.web.independence.urls_desk")),
        path("answer/<str:token>/", by_link, name="answer"),
        path("answer/<str:token>/<str:part>/", by_link, name="answer_part"),
        path("assessments/", include("stannary.web.assessments.urls")),
        path("notebook/", include("stannary.web.notebook.urls")),
        path("results/", include("stannary.web.publications.urls")),
        path("facilities/", include("stannary.web.parties.urls_facilities")),
        path("entities/", include("stannary.web.custody.books.urls_accounts")),
        path("entities/", include("stannary.web.entities.urls")),
        path("credits/", include("stannary.web.custody.books.urls_credits")),
        path("certificates/", include("stannary.web.entities.urls_desk")),
        path("surveillance/", include("stannary.web.entities.surveillance.urls")),
        path("conversion-factors/", include("stannary.web.entities.factors.urls")),
        path("register/", include("stannary.web.register.urls")),
        path("workspace/", include("stannary.web.register.urls_workspace")),
        path("workspace/", include("stannary.web.totals.urls")),
        path("lots/", include("stannary.web.custody.urls")),
        path("stock/", include("stannary.web.custody.desk.urls")),
        path("transactions/", include("stannary.web.transactions.urls")),
        path("restatements/", include("stannary.web.restatements.urls")),
        path("claims/", include("stannary.web.claims.urls")),
        path("log/", include("stannary.web.transparency_log.urls")),
        path("verify/", verify_page, name="verify"),
        path("people/", include("stannary.web.accounts.urls_people")),
        path("", include("stannary.web.accounts.urls")),
        prefix_default_language=False,
    ),
]

handler404 = "stannary.web.project.views.not_found"
handler429 = "stannary.web.accounts.limits.too_many"
