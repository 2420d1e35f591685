"""The addresses of reasons, for reception and protection."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.reception.views import reasons

app_name = "reasons"
urlpatterns: list[URLPattern] = [
    path("reasons/<str:reference>/", reasons.of_entry, name="entry"),
    path("reasons/<str:reference>/<str:reason>/", reasons.take_away, name="take_away"),
]
