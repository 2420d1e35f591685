"""Finding people. Where nobody works with people, there is nobody to find."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.people.finding import views
from marfa.apps.people.urls import AT

app_name = "finding"
urlpatterns: list[URLPattern] = []

if AT & set(settings.FOLDER.instance.desks):
    urlpatterns += [
        path("find/", views.find, name="find"),
        path("find/notices/", views.notices, name="notices"),
    ]
