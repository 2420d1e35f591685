"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module

MODULE = Module(
    name="best_interests",
    desks=(Desk.PROTECTION,),
    stands_on=("referrals",),
    urls=((None, "marfa.apps.best_interests.urls"),),
    my_work=("marfa.apps.best_interests.work:work_items_of",),
    drafts=(
        DraftKind(
            "best_interests.determination",
            _("Best-interests determination"),
            "marfa.apps.best_interests.work:determination_address",
        ),
        DraftKind(
            "best_interests.option",
            _("An option for a child"),
            "marfa.apps.best_interests.work:option_address",
        ),
    ),
    deadlines=(
        "marfa.apps.best_interests.deadlines:REVIEW",
        "marfa.apps.best_interests.deadlines:DECISION",
    ),
    subscribers=("marfa.apps.best_interests.subscribers",),
    demonstration="marfa.apps.best_interests.demo:make_demo",
    case_parts=("marfa.apps.best_interests.views.case_part:PART",),
    case_concerns=("marfa.apps.best_interests.concerns:CONCERNS",),
    case_closure=("marfa.apps.best_interests.closure:CONDITION",),
    child_returns=("marfa.apps.best_interests.returns:page_before_return",),
    referral_conditions=("marfa.apps.best_interests.referral_conditions:find_missing_decision",),
)
