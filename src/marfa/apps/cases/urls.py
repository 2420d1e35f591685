"""The pages of cases. Where there is no desk for protection, there are none."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from marfa.apps.cases.pages import (
    assessing,
    case,
    countries,
    episodes,
    following,
    formal,
    helping,
    once,
    opening,
    planning,
    referring,
    steering,
)
from marfa.apps.registry import Desk

app_name = "cases"
urlpatterns: list[URLPattern] = []

if Desk.PROTECTION in settings.FOLDER.instance.desks:
    urlpatterns += [
        path("cases/for/<str:reference>/", opening.begin, name="begin"),
        path("cases/for/<str:reference>/begun/", opening.begun, name="begun"),
        path("cases/second-look/<str:reference>/", steering.review, name="review"),
        path("cases/help/<str:reference>/", helping.help_page, name="help"),
        path("cases/goal/<str:reference>/", planning.goal, name="goal"),
        path("cases/goal/<str:reference>/end/", planning.goal_end, name="goal_end"),
        path("cases/referrals/<str:reference>/", referring.referral, name="referral"),
        # Named for nothing: whoever sees the address learns nothing from it.
        path("o/<str:secret>/", once.once, name="once"),
        path("cases/<str:reference>/refer/", referring.refer, name="refer"),
        path("cases/<str:reference>/", case.show, name="case"),
        path("cases/<str:reference>/help/", helping.ask, name="help_ask"),
        path("cases/<str:reference>/new-goal/", planning.new_goal, name="new_goal"),
        path("cases/<str:reference>/safety-plan/", planning.safety_plan, name="safety_plan"),
        path("cases/<str:reference>/time-to-decide/", planning.reflection, name="reflection"),
        path("cases/<str:reference>/return/", planning.returning, name="returning"),
        path("cases/<str:reference>/responsible/", steering.responsible, name="responsible"),
        path("cases/<str:reference>/urgency/", steering.urgency, name="urgency"),
        path("cases/<str:reference>/note/", steering.note, name="note"),
        path("cases/<str:reference>/close/", steering.close, name="close"),
        path("cases/<str:reference>/contact/", following.plan, name="plan_contact"),
        path("cases/<str:reference>/contact/<str:contact>/", following.contact, name="contact"),
        path("cases/<str:reference>/voice/", following.voice, name="voice"),
        path("cases/<str:reference>/authority/", formal.ask, name="ask"),
        path("cases/<str:reference>/authority/<str:formal>/", formal.one, name="authority"),
        path("cases/<str:reference>/assessment/", assessing.overview, name="assessment"),
        path("cases/<str:reference>/assessment/<str:area>/", assessing.area, name="area"),
        path("cases/<str:reference>/episodes/", episodes.add, name="add_episode"),
        path("cases/<str:reference>/episodes/<str:episode>/", episodes.one, name="episode"),
        path("country-profiles/", countries.countries, name="countries"),
        path("country-profiles/<str:code>/", countries.country, name="country"),
    ]
