"""The pages of recovery plans, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.reintegration.views import plans, steps

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/recovery/<str:reference>/", plans.plan, name="recovery"),
    path("cases/recovery/<str:reference>/review/", plans.review, name="recovery_review"),
    path("cases/recovery/<str:reference>/step/", steps.new, name="recovery_step_new"),
    path("cases/recovery/step/<str:reference>/", steps.end, name="recovery_step"),
    path("cases/recovery/step/<str:reference>/change/", steps.change, name="recovery_step_change"),
    path("cases/<str:reference>/recovery/", plans.begin, name="recovery_new"),
]
