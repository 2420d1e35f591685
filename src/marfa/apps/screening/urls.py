"""The pages about one talk. Where nobody receives or protects people, there are none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.manifest import Desk
from marfa.apps.screening.views import conditions, danger, outcome, questions

AT = {Desk.RECEPTION, Desk.PROTECTION}

app_name = "screening"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [
        path("talks/<str:reference>/", outcome.one, name="one"),
        path("talks/<str:reference>/lowering/", outcome.lowering, name="lowering"),
        path("talks/<str:reference>/conditions/", conditions.conditions, name="conditions"),
        path("talks/<str:reference>/ask/", questions.ask, name="ask"),
        path("talks/<str:reference>/ask/<int:place>/", questions.question, name="question"),
        path("talks/<str:reference>/end/", questions.end, name="end"),
        path("talks/<str:reference>/stop/", questions.stop, name="stop"),
        path("talks/<str:reference>/danger/", danger.danger, name="danger"),
    ]
