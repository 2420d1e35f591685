"""The page with the figures of sites. Where nobody works with people, there is none."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.figures import views
from marfa.apps.manifest import works_with_people

app_name = "figures"
urlpatterns: list[URLPattern] = []

if works_with_people():
    urlpatterns += [path("figures/", views.show, name="site")]
