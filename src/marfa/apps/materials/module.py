"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

LABEL = _("Leaflets and cards")

MODULE = Module(
    name="materials",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("directory", "leaflets", "site_cards"),
    urls=((None, "marfa.apps.materials.urls"),),
    pages={"materials": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, LABEL, "materials:all", place=25),
        NavigationItem(Desk.PROTECTION, LABEL, "materials:all", place=75),
    ),
    texts=("marfa.apps.materials.text_sets:text_sets",),
)
