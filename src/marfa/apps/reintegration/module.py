"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module

MODULE = Module(
    name="reintegration",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=((None, "marfa.apps.reintegration.urls"),),
    my_work=("marfa.apps.reintegration.work:work_items_of",),
    drafts=(
        DraftKind(
            "reintegration.step",
            _("A step of a recovery plan"),
            "marfa.apps.reintegration.work:step_address",
        ),
    ),
    deadlines=("marfa.apps.reintegration.deadlines:REVIEW",),
    subscribers=("marfa.apps.reintegration.subscribers",),
    demonstration="marfa.apps.reintegration.demo:make_demo",
    case_parts=("marfa.apps.reintegration.views.part:PART",),
    case_concerns=("marfa.apps.reintegration.concerns:CONCERNS",),
    case_closure=("marfa.apps.reintegration.closure:CONDITION",),
)
