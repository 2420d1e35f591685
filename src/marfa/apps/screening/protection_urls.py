from django.urls import path

from marfa.apps.screening.views import hand_over_list, queue

app_name = "hand_overs"
urlpatterns = [
    path("waiting/", hand_over_list.hand_overs, name="all"),
    path("waiting-for-needs/", hand_over_list.needs, name="needs"),
    path("waiting/<str:reference>/", hand_over_list.take, name="take"),
    path("talks/with/<str:reference>/", queue.assess, name="assess"),
]
