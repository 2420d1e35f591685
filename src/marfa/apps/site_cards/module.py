"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem

MODULE = Module(
    name="site_cards",
    stands_on=("form_pages",),
    urls=((None, "marfa.apps.site_cards.urls"),),
    navigation=(
        NavigationItem(Desk.ADMINISTRATION, _("Cards of the sites"), "sitecards:all", place=30),
    ),
    drafts=(
        DraftKind(
            "site_cards.card", _("Card of a site"), "marfa.apps.site_cards.queries:address_of"
        ),
    ),
    demonstration="marfa.apps.site_cards.demo:make_demo",
)
