from django.urls import path

from stannary.web.notebook import views

app_name = "notebook"
urlpatterns = [
    path("", views.shell_page, name="shell"),
    path("worker.js", views.worker, name="worker"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("<int:assessment_id>/", views.book, name="book"),
    path("<int:assessment_id>/now/", views.now, name="now"),
    path("<int:assessment_id>/checklist/", views.checklist, name="checklist"),
]
