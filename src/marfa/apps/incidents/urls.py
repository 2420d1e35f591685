from django.urls import path

from marfa.apps.incidents import views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.all_incidents, name="all"),
    path("incidents/<str:reference>/", views.one, name="one"),
]
