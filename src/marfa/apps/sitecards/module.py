"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.registry import Desk, DraftKind, Module, NavigationItem
from marfa.apps.sitecards.demonstration import make
from marfa.apps.sitecards.queries import address_of

MODULE = Module(
    name="sitecards",
    urls=((None, "marfa.apps.sitecards.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Cards of the sites"), "sitecards:all"),),
    demonstration=make,
    drafts=(DraftKind("sitecards.card", _("Card of a site"), address_of),),
)
