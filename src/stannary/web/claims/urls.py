from django.urls import path

from stannary.web.claims import site_views, views

app_name = "claims"
urlpatterns = [
    path("", views.index, name="list"),
    path("new-of-site/<slug:facility>/", site_views.make, name="make_of_site"),
    path("new/<path:lot_id>/", views.make, name="make"),
    path("<uuid:claim_id>/", views.page, name="claim"),
    path("<uuid:claim_id>/seal/", views.seal_page, name="seal"),
    path("<uuid:claim_id>/seal.svg", views.seal_svg, name="seal_svg"),
    path("<uuid:claim_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:claim_id>.claim.json", views.file, name="file"),
]
