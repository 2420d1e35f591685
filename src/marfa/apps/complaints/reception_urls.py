"""At reception, where people are."""

from django.urls import path

from marfa.apps.complaints import views

app_name = "complaint"
urlpatterns = [
    path("complaint/", views.complain, name="make"),
    path("complaint/what-became/", views.what_became, name="what_became"),
]
