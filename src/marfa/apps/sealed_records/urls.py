from django.urls import path

from marfa.apps.sealed_records.views import notes, passphrase, requests

app_name = "sealedtier"
urlpatterns = [
    path("sealed/", notes.overview, name="overview"),
    path("sealed/passphrase/", passphrase.passphrase, name="passphrase"),
    path("sealed/passphrase/forgotten/", passphrase.forgotten, name="forgotten"),
    path("sealed/unlock/", passphrase.unlock, name="unlock"),
    path("sealed/lock/", passphrase.lock, name="lock"),
    path("sealed/notes/new/", notes.new, name="new"),
    path("sealed/notes/<str:reference>/", notes.note, name="note"),
    path("sealed/notes/<str:reference>/ask/", notes.ask, name="ask"),
    path("sealed/notes/<str:reference>/people/", notes.people, name="people"),
    path("sealed/requests/<str:reference>/", requests.request_page, name="request"),
    path("sealed/requests/<str:reference>/answer/", requests.answer, name="answer"),
    path("sealed/requests/<str:reference>/open/", requests.open_it, name="open"),
    path("sealed/log/", requests.log, name="log"),
]
