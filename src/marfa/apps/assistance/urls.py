"""The pages of help and of contacts, among those of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.assistance.views import assistance, follow_up, plans

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/help/<str:reference>/", assistance.help_page, name="help"),
    path("cases/goal/<str:reference>/", plans.goal, name="goal"),
    path("cases/goal/<str:reference>/end/", plans.goal_end, name="goal_end"),
    path("cases/<str:reference>/help/", assistance.ask, name="help_ask"),
    path("cases/<str:reference>/new-goal/", plans.new_goal, name="new_goal"),
    path("cases/<str:reference>/safety-plan/", plans.safety_plan, name="safety_plan"),
    path("cases/<str:reference>/time-to-decide/", plans.reflection, name="reflection"),
    path("cases/<str:reference>/return/", plans.returning, name="returning"),
    path("cases/<str:reference>/contact/", follow_up.plan, name="plan_contact"),
    path("cases/<str:reference>/contact/<str:contact>/", follow_up.contact, name="contact"),
    path("cases/<str:reference>/voice/", follow_up.voice, name="voice"),
]
