"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import PERSON, Desk, Module, NavigationItem, SubjectSection

MODULE = Module(
    name="child_talks",
    desks=(Desk.PROTECTION,),
    stands_on=("best_interests",),
    urls=((None, "marfa.apps.child_talks.urls"),),
    pages={"child_talks": (Desk.PROTECTION, Desk.RECEPTION, Desk.ADMINISTRATION)},
    navigation=(
        NavigationItem(
            Desk.PROTECTION, _("Trained to speak with children"), "child_talks:trainings", place=70
        ),
        NavigationItem(
            Desk.ADMINISTRATION, _("Trained to speak with children"), "child_talks:trainings"
        ),
    ),
    sections=(
        SubjectSection(
            PERSON,
            _("Conversations with the child"),
            "marfa.apps.child_talks.views.parts:render_section",
        ),
    ),
    my_work=("marfa.apps.child_talks.work:work_items_of",),
    case_parts=("marfa.apps.child_talks.views.parts:PART",),
    no_list=("marfa.apps.child_talks.lowest_age:list_refusal",),
    texts=("marfa.apps.child_talks.text_sets:text_sets",),
    demonstration="marfa.apps.child_talks.demo:make_demo",
)
