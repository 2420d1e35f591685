from django.urls import path

from marfa.apps.screening.views import one_conversation, queue

app_name = "to_screen"
urlpatterns = [
    path("talks/", queue.queue, name="queue"),
    path("talks/with/<str:reference>/", queue.sit_down, name="sit_down"),
    path("talks/with/<str:reference>/go-on/", one_conversation.go_on, name="go_on"),
    path("talks/with/<str:reference>/danger/", one_conversation.in_danger, name="in_danger"),
    path("talks/with/<str:reference>/health/", one_conversation.health, name="health"),
]
