"""Credits of book and claim: public; used up by who holds them."""

from django.urls import path

from stannary.web.custody.books import views

app_name = "credits"
urlpatterns = [
    path("", views.credits_page, name="list"),
    path("<path:credit_id>/retire/", views.retire, name="retire"),
    path("<path:credit_id>/", views.credit_page, name="credit"),
]
