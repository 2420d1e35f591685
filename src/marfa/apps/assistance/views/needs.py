"""Needs found by the assessment for which nobody set a goal.

They stand apart from the pages of help, which look at no assessment: what is needed is a reason to
plan, and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.models import Goal
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import Next
from marfa.apps.cases.queries import needs_of
from marfa.apps.cases.views.common import code_label


def next_steps(case: Case) -> Iterable[Next]:
    """What is needed now and has no goal since."""
    there = reverse("cases:assessment", args=[case.reference])
    goals = dict(Goal.objects.filter(case=case).order_by("set_at").values_list("area", "set_at"))
    for row in needs_of(case):
        planned = goals.get(row.area)
        if row.need == "now" and (planned is None or planned < row.at):
            text = _("Help is needed now: %(area)s") % {
                "area": code_label("assessment_areas", row.area)
            }
            yield Next(text, there, 1)
