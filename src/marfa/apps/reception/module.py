"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Middleware, Module, NavigationItem, Slot

MODULE = Module(
    name="reception",
    desks=(Desk.RECEPTION, Desk.PROTECTION),
    stands_on=("complaints", "directory", "leaflets", "registry"),
    urls=(
        (None, "marfa.apps.reception.reasons_urls"),
        (Desk.RECEPTION, "marfa.apps.reception.urls"),
    ),
    pages={"reasons": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(
            Desk.RECEPTION,
            _("Queue"),
            "queue:site",
            place=30,
            waiting="marfa.apps.reception.queries:queue_waiting",
        ),
        NavigationItem(
            Desk.RECEPTION,
            _("Waiting-room screen"),
            "queue:board",
            place=60,
            about=_("Shows everyone who is waiting which ticket is called; it names no one."),
        ),
    ),
    middleware=(Middleware(Slot.CONFINED, "marfa.apps.reception.wall:OnlyTickets"),),
    drafts=(
        DraftKind(
            "reception.answer",
            _("A private conversation"),
            "marfa.apps.reception.views.interview:address_of",
        ),
    ),
    queue_places=("marfa.apps.reception.queries:tickets_of",),
    tours=("marfa.apps.reception.tour:STEPS",),
    deadlines=("marfa.apps.reception.actions.reasons:SEEN_ALONE",),
    subscribers=("marfa.apps.reception.subscribers",),
    texts=("marfa.apps.reception.text_sets:text_sets",),
    demonstration="marfa.apps.reception.demo:make_demo",
)
