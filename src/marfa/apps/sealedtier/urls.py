from django.urls import path

from marfa.apps.sealedtier import keys, notes, requests

app_name = "sealedtier"
urlpatterns = [
    path("sealed/", notes.overview, name="overview"),
    path("sealed/passphrase/", keys.passphrase, name="passphrase"),
    path("sealed/passphrase/forgotten/", keys.forgotten, name="forgotten"),
    path("sealed/unlock/", keys.unlock, name="unlock"),
    path("sealed/lock/", keys.lock, name="lock"),
    path("sealed/notes/new/", notes.new, name="new"),
    path("sealed/notes/<str:reference>/", notes.note, name="note"),
    path("sealed/notes/<str:reference>/ask/", notes.ask, name="ask"),
    path("sealed/notes/<str:reference>/people/", notes.people, name="people"),
    path("sealed/requests/<str:reference>/", requests.request_page, name="request"),
    path("sealed/requests/<str:reference>/answer/", requests.answer, name="answer"),
    path("sealed/requests/<str:reference>/open/", requests.open_it, name="open"),
    path("sealed/log/", requests.log, name="log"),
]
