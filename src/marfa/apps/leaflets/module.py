"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="leaflets",
    desks=(Desk.RECEPTION,),
    stands_on=("texts",),
    urls=((Desk.RECEPTION, "marfa.apps.leaflets.urls"),),
    navigation=(
        NavigationItem(
            Desk.RECEPTION, _("What people are told first"), "leaflets:first_contact", place=20
        ),
    ),
    texts=("marfa.apps.leaflets.text_sets:text_sets",),
)
