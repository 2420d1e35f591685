"""What the app brings to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem
from marfa.apps.reception.actions.reasons import FORM as ANSWER
from marfa.apps.reception.demo import make
from marfa.apps.reception.queries import tickets_of
from marfa.apps.reception.tour import STEPS
from marfa.apps.reception.views import interview

MODULE = Module(
    name="reception",
    urls=(
        (None, "marfa.apps.reception.reasons_urls"),
        (Desk.RECEPTION, "marfa.apps.reception.urls"),
    ),
    pages={"reasons": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Queue"), "queue:site", place=30),
        NavigationItem(
            Desk.RECEPTION,
            _("Tickets on the wall"),
            "queue:board",
            place=60,
            about=_("Shows everybody who waits which ticket is called; it names nobody."),
        ),
    ),
    queue_places=(tickets_of,),
    demonstration=make,
    tours=STEPS,
    drafts=(DraftKind(ANSWER, interview.DRAFT_LABEL, interview.address_of),),
)
