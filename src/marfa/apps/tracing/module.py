"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="tracing",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=(
        (None, "marfa.apps.tracing.urls"),
        (None, "marfa.apps.tracing.enquiry_urls"),
        (Desk.PROTECTION, "marfa.apps.tracing.protection_urls"),
    ),
    pages={"enquire": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(
            Desk.RECEPTION,
            _("Someone looks for a person"),
            "enquire:take",
            place=65,
        ),
        NavigationItem(
            Desk.PROTECTION,
            _("Enquiries about relatives"),
            "enquiries:all",
            place=56,
            waiting="marfa.apps.tracing.enquiries:enquiries_waiting",
        ),
    ),
    my_work=("marfa.apps.tracing.work:work_items_of",),
    deadlines=(
        "marfa.apps.tracing.deadlines:ENQUIRY",
        "marfa.apps.tracing.deadlines:VERIFY",
        "marfa.apps.tracing.deadlines:VISIT",
    ),
    subscribers=("marfa.apps.tracing.subscribers",),
    demonstration="marfa.apps.tracing.demo:make_demo",
    case_parts=("marfa.apps.tracing.views.part:PART",),
    case_concerns=("marfa.apps.tracing.concerns:CONCERNS",),
    case_closure=("marfa.apps.tracing.closure:CONDITION",),
)
