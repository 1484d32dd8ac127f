"""The public register: one page, the effect of a suspension, and a mine's material."""

from django.urls import path

from stannary.web.register import downloads, effect_page, views

app_name = "register"
urlpatterns = [
    path("", views.register, name="register"),
    path("mines/<slug:slug>/", views.mine, name="mine"),
    path("mines/<slug:slug>/lots.<str:form>", downloads.lots_of_mine, name="mine_lots"),
    path("suspensions/<slug:kind>/<str:name>/", views.effect, name="effect"),
    path(
        "suspensions/<slug:kind>/<str:name>/effect.<str:form>",
        effect_page.download,
        name="effect_file",
    ),
    path("suspensions/<slug:kind>/<str:name>/<str:since>/", views.effect, name="effect_since"),
    path(
        "suspensions/<slug:kind>/<str:name>/<str:since>/effect.<str:form>",
        effect_page.download,
        name="effect_file_since",
    ),
]
