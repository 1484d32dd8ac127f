"""Credits of book and claim: public."""

from django.urls import path

from stannary.web.custody.books import views

app_name = "credits"
urlpatterns = [path("", views.credits_page, name="list")]
