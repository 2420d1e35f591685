from django.urls import path

from marfa.apps.screening.pages import protection

app_name = "hand_overs"
urlpatterns = [
    path("waiting/", protection.hand_overs, name="all"),
    path("waiting/<str:reference>/", protection.take, name="take"),
]
