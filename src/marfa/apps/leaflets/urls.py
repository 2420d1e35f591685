from django.urls import path

from marfa.apps.leaflets import views

app_name = "leaflets"
urlpatterns = [path("first-contact/", views.first_contact, name="first_contact")]
