"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem

LABEL = _("Services")

MODULE = Module(
    name="directory",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("form_pages", "site_cards"),
    urls=((None, "marfa.apps.directory.urls"),),
    pages={"services": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, LABEL, "services:all", place=24),
        NavigationItem(Desk.PROTECTION, LABEL, "services:all", place=74),
    ),
    my_work=("marfa.apps.directory.work:services_to_be_called",),
    drafts=(
        DraftKind("directory.service", _("Service"), "marfa.apps.directory.queries:address_of"),
    ),
    demonstration="marfa.apps.directory.demo:make_demo",
)
