"""The app's part of a demonstration: one complaint, which waits for the focal point."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.complaints.actions import make_complaint
from marfa.apps.complaints.models import Complaint
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.domain.fiction import made_up
from marfa.platform.rowsecurity.context import row_context

TEXT = made_up("طلب الحارس عند الباب الثاني مالًا من ابنة أخي ليسمح لها بالدخول.")


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Somebody complained at the gate of the first site."""
    takes = User.objects.filter(username=Desk.RECEPTION.value).first()
    if takes is None or Desk.PROTECTION not in desks:
        return
    organisation = data_controller()
    actor = actor_of(takes)
    with row_context(actor.organisations):
        make_complaint(
            actor=actor,
            organisation=organisation,
            site=Site.objects.filter(organisation=organisation).order_by("name").first(),
            about=Complaint.About.GUARD,
            matter=Complaint.Matter.MONEY,
            text=TEXT,
        )
