from django.urls import path

from marfa.apps.screening.views import hand_over_list

app_name = "hand_overs"
urlpatterns = [
    path("waiting/", hand_over_list.hand_overs, name="all"),
    path("waiting/<str:reference>/", hand_over_list.take, name="take"),
]
