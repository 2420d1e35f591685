from django.urls import path

from marfa.apps.cases.views import caseload, supervision, supervision_board

app_name = "caseload"
urlpatterns = [
    path("cases/", caseload.caseload, name="mine"),
    path("supervision/", supervision_board.board, name="supervision"),
    path("supervision/<str:name>/", supervision.concern, name="concern"),
    path("supervision/<str:name>/of/<str:holder>/", supervision.concern, name="concern_of"),
]
