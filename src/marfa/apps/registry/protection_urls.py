"""The people of one's sites, for those who help them."""

from __future__ import annotations

from django.urls import path

from marfa.apps.registry.views import people_list

app_name = "helped"
urlpatterns = [path("people/", people_list.at_protection, name="people")]
