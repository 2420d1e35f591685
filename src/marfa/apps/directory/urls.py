from django.urls import path

from marfa.apps.directory import views
from marfa.apps.directory.exchange import pages

app_name = "services"
urlpatterns = [
    path("services/", views.every, name="all"),
    path("services/find/", views.find, name="find"),
    path("services/add/", views.add, name="add"),
    path("services/files/", pages.files, name="files"),
    path("services/files/<str:kind>/", pages.give, name="file"),
    path("services/<str:reference>/", views.one, name="one"),
    path("services/<str:reference>/edit/", views.edit, name="edit"),
]
