"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="alternative_care",
    desks=(Desk.PROTECTION,),
    stands_on=("tracing",),
    urls=(
        (None, "marfa.apps.alternative_care.urls"),
        (Desk.PROTECTION, "marfa.apps.alternative_care.protection_urls"),
    ),
    navigation=(
        NavigationItem(Desk.PROTECTION, _("Caregivers and places"), "care:places", place=57),
    ),
    my_work=("marfa.apps.alternative_care.work:work_items_of",),
    deadlines=(
        "marfa.apps.alternative_care.deadlines:REVIEW",
        "marfa.apps.alternative_care.deadlines:VISIT",
    ),
    child_alarms=("marfa.apps.alternative_care.vetting_state:alarms_of_children",),
    subscribers=("marfa.apps.alternative_care.subscribers",),
    demonstration="marfa.apps.alternative_care.demo:make_demo",
    case_parts=("marfa.apps.alternative_care.views.part:PART",),
    case_concerns=("marfa.apps.alternative_care.concerns:CONCERNS",),
    case_closure=("marfa.apps.alternative_care.closure:CONDITION",),
)
