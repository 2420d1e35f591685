"""The pages of a child in care, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.alternative_care.views import placements

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/<str:reference>/care/place/", placements.place, name="place_child"),
    path("cases/care/<str:reference>/", placements.placement, name="placement"),
    path("cases/care/<str:reference>/move/", placements.move, name="move_child"),
]
