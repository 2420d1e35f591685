"""The pages of age assessments, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.age_assessment.views import assessment, results

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/age/<str:reference>/", assessment.one, name="age"),
    path("cases/age/<str:reference>/answer/", assessment.answer, name="age_answer"),
    path("cases/age/<str:reference>/result/", results.add, name="age_result"),
    path("cases/age/look/<str:reference>/", results.look, name="age_look"),
    path("cases/age/result/<str:reference>/strike/", results.strike, name="age_strike"),
    path("cases/<str:reference>/age/", assessment.ask, name="age_ask"),
]
