"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="search",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("registry",),
    urls=((None, "marfa.apps.search.urls"),),
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Find a person"), "finding:find", place=40),
        NavigationItem(Desk.PROTECTION, _("Find a person"), "finding:find", place=20),
    ),
    my_work=("marfa.apps.search.work:work_items_of",),
    search=("marfa.apps.search.provider:search_results",),
    same_person=("marfa.apps.search.already_here:look_for_people",),
    tours=("marfa.apps.search.tour:STEPS",),
    found_names={"people": "marfa.apps.search.source:PEOPLE"},
    jobs=("marfa.apps.search.jobs",),
    subscribers=("marfa.apps.search.subscribers",),
)
