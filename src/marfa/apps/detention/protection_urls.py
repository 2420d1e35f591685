from django.urls import path

from marfa.apps.detention.views import board

app_name = "detained"
urlpatterns = [path("detention/", board.board, name="all")]
