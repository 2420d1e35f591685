"""The enquiries, at the desk for protection."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.tracing.views import enquiries

app_name = "enquiries"
urlpatterns: list[URLPattern] = [
    path("enquiries/", enquiries.every, name="all"),
    path("enquiries/<str:reference>/", enquiries.one, name="one"),
]
