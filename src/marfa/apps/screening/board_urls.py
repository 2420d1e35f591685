from django.urls import path

from marfa.apps.screening.views import board, board_doors

app_name = "screening_board"
urlpatterns = [
    path("screening/", board.board, name="board"),
    path("screening/questions/", board.questions, name="questions"),
    path("screening/doors/", board_doors.doors, name="doors"),
]
