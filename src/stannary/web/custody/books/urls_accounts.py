"""Accounts of an entity, for its own people and who audits it."""

from django.urls import path

from stannary.web.custody.books import views

app_name = "accounts"
urlpatterns = [path("<slug:slug>/accounts/", views.accounts, name="accounts")]
