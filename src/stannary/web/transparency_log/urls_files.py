"""The log as files, without a language prefix: what other programs fetch."""

from django.urls import path

from stannary.web.transparency_log import views

urlpatterns = [
    path(".well-known/did.json", views.did_json, name="did"),
    path("log/checkpoint", views.checkpoint, name="checkpoint"),
    path("log/log.zip", views.whole, name="log-whole"),
    path("log/vkey", views.vkey, name="vkey"),
    path("log/proof/<int:index>", views.proof, name="log-proof"),
    path("log/entry/<int:index>", views.entry, name="log-entry"),
]
