"""Why somebody should be seen, for whom may read it at reception and at protection."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.people.pages import reasons
from marfa.apps.people.urls import AT

app_name = "reasons"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [
        path("reasons/<str:reference>/", reasons.of_entry, name="entry"),
        path("reasons/<str:reference>/<str:reason>/", reasons.take_away, name="take_away"),
    ]
