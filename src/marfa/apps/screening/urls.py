"""The pages about one talk."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.screening.views import conditions, danger, health, outcome, questions

app_name = "screening"
urlpatterns: list[URLPattern] = [
    path("health-checks/<str:reference>/", health.one, name="health"),
    path("talks/<str:reference>/", outcome.one, name="one"),
    path("talks/<str:reference>/lowering/", outcome.lowering, name="lowering"),
    path("talks/<str:reference>/conditions/", conditions.conditions, name="conditions"),
    path("talks/<str:reference>/ask/", questions.ask, name="ask"),
    path("talks/<str:reference>/ask/<int:place>/", questions.question, name="question"),
    path("talks/<str:reference>/end/", questions.end, name="end"),
    path("talks/<str:reference>/stop/", questions.stop, name="stop"),
    path("talks/<str:reference>/danger/", danger.danger, name="danger"),
]
