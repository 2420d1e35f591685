"""Finding people. Where nobody works with people, there is nobody to find."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.manifest import works_with_people
from marfa.apps.search import views

app_name = "finding"
urlpatterns: list[URLPattern] = []

if works_with_people():
    urlpatterns += [
        path("find/", views.find, name="find"),
        path("find/notices/", views.notices, name="notices"),
    ]
