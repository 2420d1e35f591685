from django.urls import path

from marfa.apps.referrals.views import exchange

app_name = "caseload"
urlpatterns = [
    # Before the address of a concern, which takes any word: the shell asks the highest app first.
    path("supervision/file/", exchange.send, name="file_out"),
    path("supervision/file/in/", exchange.take, name="file_in"),
]
