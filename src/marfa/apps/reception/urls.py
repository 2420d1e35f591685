from django.urls import path

from marfa.apps.reception.views import conditions, end, interview, queue

app_name = "queue"
urlpatterns = [
    path("queue/", queue.site_queue, name="site"),
    path("queue/board/", queue.board, name="board"),
    path("queue/<str:reference>/", queue.entry, name="entry"),
    path("queue/<str:reference>/begin/", conditions.begin, name="begin"),
    path("talk/<str:reference>/end/", end.end, name="end"),
    path("talk/<str:reference>/pause/", end.pause, name="pause"),
    path("talk/<str:reference>/offer/", interview.offer, name="offer"),
    path("talk/<str:reference>/<str:question>/", interview.question, name="question"),
]
