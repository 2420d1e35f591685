from django.urls import path

from marfa.apps.log import views

app_name = "log"
urlpatterns = [
    path("log/", views.search, name="search"),
    path("log/export/", views.export, name="export"),
]
