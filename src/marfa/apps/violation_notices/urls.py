"""The pages of notifications, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.violation_notices import views

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/notification/<str:reference>/", views.notice, name="notice"),
    path("cases/<str:reference>/notification/", views.write, name="notice_new"),
]
