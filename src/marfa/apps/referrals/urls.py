"""The pages of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.assistance.views import assistance, follow_up, plans
from marfa.apps.cases.views import (
    assessment,
    case,
    case_management,
    case_opening,
    country_profiles,
    episodes,
    formal_identification,
)
from marfa.apps.referrals.views import one_time_page, referrals

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/for/<str:reference>/", case_opening.begin, name="begin"),
    path("cases/for/<str:reference>/begun/", case_opening.begun, name="begun"),
    path("cases/second-look/<str:reference>/", case_management.review, name="review"),
    path("cases/help/<str:reference>/", assistance.help_page, name="help"),
    path("cases/goal/<str:reference>/", plans.goal, name="goal"),
    path("cases/goal/<str:reference>/end/", plans.goal_end, name="goal_end"),
    path("cases/referrals/<str:reference>/", referrals.referral, name="referral"),
    # Named for nothing: whoever sees the address learns nothing from it.
    path("o/<str:secret>/", one_time_page.once, name="once"),
    path("cases/<str:reference>/refer/", referrals.refer, name="refer"),
    path("cases/<str:reference>/", case.show, name="case"),
    path("cases/<str:reference>/help/", assistance.ask, name="help_ask"),
    path("cases/<str:reference>/new-goal/", plans.new_goal, name="new_goal"),
    path("cases/<str:reference>/safety-plan/", plans.safety_plan, name="safety_plan"),
    path("cases/<str:reference>/time-to-decide/", plans.reflection, name="reflection"),
    path("cases/<str:reference>/return/", plans.returning, name="returning"),
    path("cases/<str:reference>/responsible/", case_management.responsible, name="responsible"),
    path("cases/<str:reference>/urgency/", case_management.urgency, name="urgency"),
    path("cases/<str:reference>/note/", case_management.note, name="note"),
    path("cases/<str:reference>/close/", case_management.close, name="close"),
    path("cases/<str:reference>/contact/", follow_up.plan, name="plan_contact"),
    path("cases/<str:reference>/contact/<str:contact>/", follow_up.contact, name="contact"),
    path("cases/<str:reference>/voice/", follow_up.voice, name="voice"),
    path("cases/<str:reference>/authority/", formal_identification.ask, name="ask"),
    path(
        "cases/<str:reference>/authority/<str:formal>/", formal_identification.one, name="authority"
    ),
    path("cases/<str:reference>/assessment/", assessment.overview, name="assessment"),
    path("cases/<str:reference>/assessment/<str:area>/", assessment.area, name="area"),
    path("cases/<str:reference>/episodes/", episodes.add, name="add_episode"),
    path("cases/<str:reference>/episodes/<str:episode>/", episodes.one, name="episode"),
    path("country-profiles/", country_profiles.countries, name="countries"),
    path("country-profiles/<str:code>/", country_profiles.country, name="country"),
]
