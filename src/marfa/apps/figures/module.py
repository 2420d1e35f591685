"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="figures",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("reception",),
    urls=((None, "marfa.apps.figures.urls"),),
    navigation=(
        NavigationItem(Desk.PROTECTION, _("Figures of the sites"), "figures:site"),
        NavigationItem(Desk.REPORTING, _("Figures of the sites"), "figures:site"),
        NavigationItem(Desk.COORDINATION, _("Figures of the sites"), "figures:site"),
    ),
    jobs=("marfa.apps.figures.jobs",),
    demonstration="marfa.apps.figures.demo:make_demo",
)
