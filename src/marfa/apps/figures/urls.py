"""The page with the figures of sites."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.figures import views

app_name = "figures"
urlpatterns: list[URLPattern] = [path("figures/", views.show, name="site")]
