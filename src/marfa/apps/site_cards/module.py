"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem
from marfa.apps.site_cards.demo import make
from marfa.apps.site_cards.queries import address_of

MODULE = Module(
    name="site_cards",
    urls=((None, "marfa.apps.site_cards.urls"),),
    navigation=(NavigationItem(Desk.ADMINISTRATION, _("Cards of the sites"), "sitecards:all"),),
    demonstration=make,
    drafts=(DraftKind("site_cards.card", _("Card of a site"), address_of),),
)
