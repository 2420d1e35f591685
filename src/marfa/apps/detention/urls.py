"""The pages of a detention."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.detention.views import changes, detention, protocols, record

app_name = "detention"
urlpatterns: list[URLPattern] = [
    path("detention/protocols/", protocols.protocols, name="protocols"),
    path("detention/for/<str:reference>/", record.record, name="record"),
    path("detention/<str:reference>/", detention.show, name="show"),
    path("detention/<str:reference>/review/", changes.review, name="review"),
    path("detention/<str:reference>/move/", changes.move, name="move"),
    path("detention/<str:reference>/end/", changes.end, name="end"),
]
