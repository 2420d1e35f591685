"""Where anybody who meets people takes down who looks for a person."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.tracing.views import enquiries

app_name = "enquire"
urlpatterns: list[URLPattern] = [
    path("someone-looks-for/", enquiries.take, name="take"),
]
