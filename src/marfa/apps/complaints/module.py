"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem, SubjectSummary

MODULE = Module(
    name="complaints",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("name_search",),
    urls=(
        (Desk.PROTECTION, "marfa.apps.complaints.urls"),
        (Desk.RECEPTION, "marfa.apps.complaints.reception_urls"),
    ),
    navigation=(
        NavigationItem(
            Desk.RECEPTION,
            _("Make a complaint"),
            "complaint:make",
            place=70,
            about=_(
                "A person writes a complaint on this device, or asks about the outcome of one."
            ),
        ),
        NavigationItem(
            Desk.PROTECTION,
            _("Complaints"),
            "complaints:all",
            place=45,
            waiting="marfa.apps.complaints.queries:complaints_waiting",
        ),
    ),
    my_work=("marfa.apps.complaints.queries:work_items_of",),
    subject_kinds=("marfa.apps.complaints.subject:COMPLAINTS",),
    summaries=(SubjectSummary("Complaint", "marfa.apps.complaints.subject:summary_facts"),),
    deadlines=("marfa.apps.complaints.actions:ANSWER",),
    demonstration="marfa.apps.complaints.demo:make_demo",
)
