"""The pages about one talk. Where nobody receives or protects people, there are none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.registry import Desk
from marfa.apps.screening.pages import after, asking, before, danger

AT = {Desk.RECEPTION, Desk.PROTECTION}

app_name = "screening"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [
        path("talks/<str:reference>/", after.one, name="one"),
        path("talks/<str:reference>/lowering/", after.lowering, name="lowering"),
        path("talks/<str:reference>/conditions/", before.conditions, name="conditions"),
        path("talks/<str:reference>/ask/", asking.ask, name="ask"),
        path("talks/<str:reference>/ask/<int:place>/", asking.question, name="question"),
        path("talks/<str:reference>/end/", asking.end, name="end"),
        path("talks/<str:reference>/stop/", asking.stop, name="stop"),
        path("talks/<str:reference>/danger/", danger.danger, name="danger"),
    ]
