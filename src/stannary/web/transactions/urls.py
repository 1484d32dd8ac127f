from django.urls import path

from stannary.web.transactions import views

app_name = "transactions"
urlpatterns = [
    path("", views.index, name="list"),
    path("offer/", views.make, name="make"),
    path("statement/<slug:slug>/", views.statement, name="statement"),
    path("statement/<slug:slug>/statement.<str:form>", views.statement_file, name="file"),
    path("<uuid:offer_id>/", views.page, name="page"),
    path("<uuid:offer_id>/step/", views.step, name="step"),
]
