from django.urls import path

from marfa.apps.organisations import views

app_name = "organisations"
urlpatterns = [
    path("sites/", views.sites, name="sites"),
    path("people/", views.people, name="people"),
]
