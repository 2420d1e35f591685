"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.figures.demo import make
from marfa.apps.manifest import Desk, Module, NavigationItem, works_with_people

MODULE = Module(
    name="figures",
    urls=((None, "marfa.apps.figures.urls"),),
    navigation=tuple(
        NavigationItem(desk, _("Figures of the sites"), "figures:site")
        for desk in (Desk.PROTECTION, Desk.REPORTING, Desk.COORDINATION)
        if works_with_people()
    ),
    demonstration=make,
)
