"""Outside every desk: whoever notices something writes it down."""

from django.urls import path

from marfa.apps.incidents import views

app_name = "incident"
urlpatterns = [path("incident/", views.record, name="record")]
