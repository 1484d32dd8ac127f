from django.urls import path

from stannary.web.parties import views

app_name = "sites"
urlpatterns = [
    path("", views.site_list_page, name="list"),
    path("figures/", views.figures_page, name="figures"),
    path("<slug:slug>/", views.site_page_view, name="site"),
    path("<slug:slug>/units/", views.units_page, name="units"),
]
