"""The app's part of a demonstration: somebody came and asked for a girl whom nobody knows."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SITES
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.tracing.actions.enquiries import EnquiryTold, take_enquiry
from marfa.domain.fiction import made_up
from marfa.platform.rowsecurity.context import row_context


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One enquiry, where the staff of reception is there to take it down."""
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    if officer is None or Desk.RECEPTION not in desks:
        return
    actor = actor_of(officer)
    with row_context(actor.organisations):
        take_enquiry(
            actor=actor,
            site=Site.objects.get(name=SITES[0][0]),
            told=EnquiryTold(
                "grandparent",
                "نوّارة القنديل",
                "عند الفرن",
                "لؤلؤة القنديل",
                made_up("افترقنا عند الجسر القديم."),
                sex="female",
                age_from=1,
                age_to=2,
            ),
        )
