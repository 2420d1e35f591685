"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, Module, NavigationItem

LABEL = _("Words put to people")

MODULE = Module(
    name="texts",
    stands_on=("organisations",),
    urls=((None, "marfa.apps.texts.urls"),),
    pages={"texts": (Desk.ADMINISTRATION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, LABEL, "texts:all", place=66),
        NavigationItem(Desk.PROTECTION, LABEL, "texts:all", place=76),
    ),
    my_work=("marfa.apps.texts.queries:work_items_of",),
)
