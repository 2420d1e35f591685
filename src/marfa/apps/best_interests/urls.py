"""The pages of best interests, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.best_interests.views import (
    answers,
    assessments,
    determinations,
    panels,
    representatives,
)

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path(
        "cases/representative/<str:reference>/",
        representatives.representative,
        name="representative",
    ),
    path("cases/adult-doubt/<str:reference>/", representatives.doubt, name="adult_doubt"),
    path("cases/agency-decision/<str:reference>/", answers.agency, name="agency_decision"),
    path(
        "cases/determination/<str:reference>/",
        determinations.determination,
        name="determination",
    ),
    path(
        "cases/determination/<str:reference>/change/",
        determinations.change,
        name="determination_change",
    ),
    path(
        "cases/determination/<str:reference>/option/",
        determinations.new_option,
        name="determination_new_option",
    ),
    path("cases/determination/<str:reference>/member/", panels.member, name="panel_member"),
    path(
        "cases/determination-option/<str:reference>/",
        determinations.option,
        name="determination_option",
    ),
    path("cases/panel-member/<str:reference>/", panels.one, name="panel_member_one"),
    path(
        "cases/<str:reference>/representative/",
        representatives.appoint,
        name="representative_new",
    ),
    path("cases/<str:reference>/adult-doubt/", representatives.doubt_begin, name="adult_doubt_new"),
    path("cases/<str:reference>/capacity/", answers.capacity, name="capacity"),
    path("cases/<str:reference>/child-answer/", answers.answer, name="child_answer"),
    path(
        "cases/<str:reference>/agency-decision/",
        answers.agency_begin,
        name="agency_decision_new",
    ),
    path("cases/<str:reference>/best-interests/", assessments.assess, name="best_interests"),
    path("cases/<str:reference>/determination/", determinations.prepare, name="determination_new"),
]
