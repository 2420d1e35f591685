"""Caregivers and places, at the desk for protection."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.alternative_care.views import places

app_name = "care"
urlpatterns: list[URLPattern] = [
    path("care-places/", places.every, name="places"),
    path("care-places/add/", places.add, name="add_place"),
    path("care-places/<str:reference>/", places.one, name="place"),
    path("care-places/<str:reference>/change/", places.change, name="change_place"),
]
