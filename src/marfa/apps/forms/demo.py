"""The app's part of a demonstration: the form that is shipped is published for reception."""

from __future__ import annotations

from importlib.resources import files

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose

SECOND = (SUPERVISOR, Desk.ADMINISTRATION.value)
"""Who has looked at it and published it: the supervisor, or else the administrator."""
SHIPPED = "arrival-of-a-household.md"


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One form, where there is a desk that fills it in."""
    if not {Desk.RECEPTION, Desk.PROTECTION} & set(desks):
        return
    data = (files("marfa.apps.forms") / "shipped" / SHIPPED).read_bytes()
    examined = examine_xlsform(data, SHIPPED, Purpose.REGISTRATION)
    with every_organisation():
        version = add_form(actor=by_command(), organisation=data_controller(), examined=examined)
        second = User.objects.filter(username__in=SECOND).order_by("-username").first()
        if second is not None:
            publish_version(actor=actor_of(second), version=version)
