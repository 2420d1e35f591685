"""The pages of children."""

from __future__ import annotations

from django.urls import URLPattern, path

from marfa.apps.children.views import arrangements, board, child, duty_end, feedback, plan

app_name = "children"
urlpatterns: list[URLPattern] = [
    path("children/", board.board, name="board"),
    # Before the address of a child, which takes any word.
    path("children/hours/", arrangements.arrange, name="arrange"),
    path("children/<str:reference>/", child.child, name="child"),
    path("children/<str:reference>/end/", duty_end.end, name="end"),
    path("children/<str:reference>/plan/", plan.plan, name="plan"),
    path("children/<str:reference>/say/<str:language>/", feedback.say, name="say"),
]
