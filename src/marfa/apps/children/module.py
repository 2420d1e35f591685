"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="children",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests", "complaints"),
    urls=((Desk.PROTECTION, "marfa.apps.children.urls"),),
    navigation=(
        NavigationItem(
            Desk.PROTECTION,
            _("Children"),
            "children:board",
            15,
            waiting="marfa.apps.children.queries:children_waiting",
        ),
    ),
    my_work=("marfa.apps.children.work:duties_of",),
    deadlines=("marfa.apps.children.deadlines:DUTY", "marfa.apps.children.deadlines:LAPSES"),
    jobs=("marfa.apps.children.jobs",),
    subscribers=("marfa.apps.children.subscribers",),
    case_closure=("marfa.apps.children.closure:CONDITION",),
)
