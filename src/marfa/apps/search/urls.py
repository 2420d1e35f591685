"""The addresses of the search."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.search import views

app_name = "finding"
urlpatterns: list[URLPattern] = [
    path("find/", views.find, name="find"),
    path("find/notices/", views.notices, name="notices"),
]
