from django.urls import path

from marfa.apps.people.pages import queue, talk

app_name = "queue"
urlpatterns = [
    path("queue/", queue.site_queue, name="site"),
    path("queue/board/", queue.board, name="board"),
    path("queue/<str:reference>/", queue.entry, name="entry"),
    path("queue/<str:reference>/begin/", talk.begin, name="begin"),
    path("talk/<str:reference>/end/", talk.end, name="end"),
    path("talk/<str:reference>/<str:question>/", talk.question, name="question"),
]
