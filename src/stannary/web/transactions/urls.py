from django.urls import path

from stannary.web.transactions import views
from stannary.web.transactions.periods import views as periods
from stannary.web.transactions.reconciling import views as reconciling

app_name = "transactions"
urlpatterns = [
    path("", views.index, name="list"),
    path("offer/", views.make, name="make"),
    path("statement/<slug:slug>/", views.statement, name="statement"),
    path("statement/<slug:slug>/statement.<str:form>", views.statement_file, name="file"),
    path("reconciliation/<slug:slug>/", reconciling.index, name="reconcile"),
    path("reconciliation/<slug:slug>/template.csv", reconciling.blank, name="reconcile_template"),
    path(
        "reconciliation/<slug:slug>/<uuid:statement_id>/", reconciling.page, name="reconciliation"
    ),
    path("periods/<slug:slug>/", periods.index, name="periods"),
    path("periods/<slug:slug>/<slug:last>/", periods.page, name="period"),
    path("periods/<slug:slug>/<slug:last>/step/", periods.step, name="period_step"),
    path("<uuid:offer_id>/", views.page, name="page"),
    path("<uuid:offer_id>/step/", views.step, name="step"),
]
