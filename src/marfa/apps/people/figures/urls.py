"""The page with the figures of sites. Where nobody works with people, there is none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.people.figures import views
from marfa.apps.people.urls import AT

app_name = "figures"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [path("figures/", views.show, name="site")]
