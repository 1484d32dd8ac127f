from django.urls import path

from stannary.web.transparency_log import views

urlpatterns = [path("", views.index, name="log")]
