"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem
from marfa.apps.search.provider import found_by
from marfa.apps.search.tour import STEPS
from marfa.apps.search.work import waiting

MODULE = Module(
    name="search",
    urls=((None, "marfa.apps.search.urls"),),
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Find a person"), "finding:find", place=40),
        NavigationItem(Desk.PROTECTION, _("Find a person"), "finding:find", place=20),
    ),
    search=(found_by,),
    my_work=(waiting,),
    tours=STEPS,
)
