"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem
from marfa.apps.sealed_records.queries import waiting_for

MODULE = Module(
    name="sealed_records",
    urls=((None, "marfa.apps.sealed_records.urls"),),
    navigation=(
        NavigationItem(Desk.PROTECTION, _("Sealed notes"), "sealedtier:overview"),
        NavigationItem(Desk.INVESTIGATIONS, _("Sealed notes"), "sealedtier:overview"),
        NavigationItem(Desk.ADMINISTRATION, _("Who opened what is sealed"), "sealedtier:log"),
    ),
    my_work=(waiting_for,),
)
