"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

MODULE = Module(
    name="sealed_records",
    desks=(Desk.PROTECTION, Desk.INVESTIGATIONS),
    stands_on=("organisations",),
    urls=((None, "marfa.apps.sealed_records.urls"),),
    navigation=(
        NavigationItem(Desk.PROTECTION, _("Sealed notes"), "sealedtier:overview", place=44),
        NavigationItem(Desk.INVESTIGATIONS, _("Sealed notes"), "sealedtier:overview"),
        NavigationItem(Desk.ADMINISTRATION, _("Opened sealed notes"), "sealedtier:log", place=40),
    ),
    my_work=("marfa.apps.sealed_records.queries:work_items_of",),
    sealed={"note": "marfa.apps.sealed_records.queries:standing_of"},
)
