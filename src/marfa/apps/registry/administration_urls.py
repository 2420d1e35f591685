"""What waits for the data-protection officer of people's records."""

from __future__ import annotations

from django.urls import path

from marfa.apps.registry.views import exclusions

app_name = "unconfirmed"
urlpatterns = [path("unconfirmed-exclusions/", exclusions.unconfirmed, name="list")]
