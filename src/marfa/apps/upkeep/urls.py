from django.urls import path

from marfa.apps.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("phones/", views.phones, name="phones"),
]
