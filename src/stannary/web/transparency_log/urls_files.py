"""The log as files: checkpoint, did.json. Without a language prefix."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
