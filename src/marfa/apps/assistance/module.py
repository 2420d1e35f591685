"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import CASE, Desk, DraftKind, Module, SubjectSummary

MODULE = Module(
    name="assistance",
    desks=(Desk.PROTECTION,),
    stands_on=("cases", "directory"),
    urls=((None, "marfa.apps.assistance.urls"),),
    my_work=("marfa.apps.assistance.work:help_work_of", "marfa.apps.assistance.work:contacts_of"),
    drafts=(
        DraftKind(
            "assistance.safety_plan", _("Safety plan"), "marfa.apps.assistance.work:plan_address"
        ),
        DraftKind(
            "assistance.goal", _("A goal of the person"), "marfa.apps.assistance.work:goal_address"
        ),
    ),
    summaries=(SubjectSummary(CASE, "marfa.apps.assistance.summary:case_facts"),),
    tours=("marfa.apps.assistance.tour:STEPS",),
    deadlines=(
        "marfa.apps.assistance.actions.assistance:SEARCH",
        "marfa.apps.assistance.deadlines:DUE",
    ),
    subscribers=("marfa.apps.assistance.subscribers",),
    case_parts=(
        "marfa.apps.assistance.views.help_part:PART",
        "marfa.apps.assistance.views.follow_up:PART",
    ),
    case_concerns=("marfa.apps.assistance.concerns:CONCERNS",),
    case_facts=("marfa.apps.assistance.facts:FOLLOWED",),
    case_closure=("marfa.apps.assistance.closure:CONDITION",),
)
