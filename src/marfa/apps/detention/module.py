"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import PERSON, Desk, Module, NavigationItem, SubjectSection

MODULE = Module(
    name="detention",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=(
        (None, "marfa.apps.detention.urls"),
        (Desk.PROTECTION, "marfa.apps.detention.protection_urls"),
    ),
    pages={"detention": (Desk.PROTECTION, Desk.RECEPTION)},
    navigation=(
        NavigationItem(
            Desk.PROTECTION,
            _("Detentions"),
            "detained:all",
            50,
            waiting="marfa.apps.detention.views.board:detentions_late",
        ),
        NavigationItem(Desk.ADMINISTRATION, _("Hand-over protocols"), "detention:protocols"),
        NavigationItem(Desk.PROTECTION, _("Hand-over protocols"), "detention:protocols", 53),
    ),
    my_work=("marfa.apps.detention.work:work_items_of",),
    sections=(
        SubjectSection(PERSON, _("Detention"), "marfa.apps.detention.views.record:render_section"),
    ),
    deadlines=("marfa.apps.detention.clocks:ALARM", "marfa.apps.detention.clocks:HAND_OVER"),
    subscribers=("marfa.apps.detention.subscribers",),
    facts=("marfa.apps.detention.facts:DETENTIONS",),
    child_alarms=("marfa.apps.detention.queries:alarms_of_children",),
    demonstration="marfa.apps.detention.demo:make_demo",
    case_parts=("marfa.apps.detention.views.part:PART",),
    case_concerns=("marfa.apps.detention.concerns:CONCERNS",),
    case_closure=("marfa.apps.detention.closure:CONDITION",),
)
