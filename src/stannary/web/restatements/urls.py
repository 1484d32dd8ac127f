from django.urls import path

from stannary.web.restatements import views

app_name = "restatements"
urlpatterns = [
    path("", views.page, name="page"),
    path("book/", views.book, name="book"),
]
