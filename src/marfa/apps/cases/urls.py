"""The pages of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.cases.views import (
    assessment,
    case,
    case_management,
    case_opening,
    country_profiles,
    episodes,
    formal_identification,
    transfers,
)

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/for/<str:reference>/", case_opening.begin, name="begin"),
    path("cases/for/<str:reference>/begun/", case_opening.begun, name="begun"),
    path("cases/second-look/<str:reference>/", case_management.review, name="review"),
    path("cases/transfers/<str:reference>/", transfers.answer_transfer, name="answer_transfer"),
    path("cases/<str:reference>/", case.show, name="case"),
    path("cases/<str:reference>/responsible/", case_management.responsible, name="responsible"),
    path("cases/<str:reference>/transfer/", transfers.transfer, name="transfer"),
    path("cases/<str:reference>/urgency/", case_management.urgency, name="urgency"),
    path("cases/<str:reference>/note/", case_management.note, name="note"),
    path("cases/<str:reference>/close/", case_management.close, name="close"),
    path("cases/<str:reference>/authority/", formal_identification.ask, name="ask"),
    path(
        "cases/<str:reference>/authority/<str:formal>/",
        formal_identification.one,
        name="authority",
    ),
    path("cases/<str:reference>/assessment/", assessment.overview, name="assessment"),
    path("cases/<str:reference>/assessment/<str:area>/", assessment.area, name="area"),
    path("cases/<str:reference>/episodes/", episodes.add, name="add_episode"),
    path("cases/<str:reference>/episodes/<str:episode>/", episodes.one, name="episode"),
    path("country-profiles/", country_profiles.countries, name="countries"),
    path("country-profiles/<str:code>/", country_profiles.country, name="country"),
]
