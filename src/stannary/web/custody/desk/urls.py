from django.urls import path

from stannary.web.custody.desk import single_views, views

app_name = "stock"
urlpatterns = [
    path("", views.index, name="list"),
    path("<slug:slug>/", views.stock_of, name="stock"),
    path("<slug:slug>/movements.<str:form>", views.movements, name="movements"),
    path("<slug:slug>/lots.<str:form>", views.lots, name="lots"),
    path("<slug:slug>/forms/<slug:task>.<str:form>", views.blank, name="blank"),
    path("<slug:slug>/movement/<slug:task>/", single_views.movement, name="movement"),
    path("<slug:slug>/files/", views.files, name="files"),
    path("<slug:slug>/files/<uuid:file_id>/", views.file, name="file"),
    path("<slug:slug>/files/<uuid:file_id>/book/", views.book, name="book"),
    path("<slug:slug>/files/<uuid:file_id>/again/", views.again, name="again"),
    path("<slug:slug>/files/<uuid:file_id>/problems.xlsx", views.problems, name="problems"),
]
