"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="referrals",
    desks=(Desk.PROTECTION,),
    stands_on=("assistance",),
    urls=(
        (None, "marfa.apps.referrals.urls"),
        (Desk.PROTECTION, "marfa.apps.referrals.caseload_urls"),
        (Desk.PROTECTION, "marfa.apps.referrals.protection_urls"),
    ),
    navigation=(
        NavigationItem(
            Desk.PROTECTION,
            _("Referrals to us"),
            "referred:all",
            51,
            waiting="marfa.apps.referrals.queries:referrals_waiting",
        ),
        NavigationItem(Desk.PROTECTION, _("Cases as a file"), "caseload:file_out", 54),
    ),
    my_work=("marfa.apps.referrals.work:work_items_of",),
    tours=("marfa.apps.referrals.tour:STEPS",),
    deadlines=("marfa.apps.referrals.queries:ANSWER",),
    subscribers=("marfa.apps.referrals.subscribers",),
    demonstration="marfa.apps.referrals.demo:make_demo",
    case_parts=("marfa.apps.referrals.views.referrals:PART",),
    case_concerns=("marfa.apps.referrals.concerns:CONCERNS",),
    case_closure=("marfa.apps.referrals.closure:CONDITION",),
)
