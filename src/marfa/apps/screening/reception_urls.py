from django.urls import path

from marfa.apps.screening.views import queue

app_name = "to_screen"
urlpatterns = [
    path("talks/", queue.queue, name="queue"),
    path("talks/with/<str:reference>/", queue.sit_down, name="sit_down"),
]
