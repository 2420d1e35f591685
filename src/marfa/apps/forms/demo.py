"""The app's part of a demonstration: the form that is shipped is published for reception."""

from __future__ import annotations

from importlib.resources import files

from marfa.apps.forms.actions.versions import add_form, examine_xlsform, publish_version
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.queries import data_controller
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose

SHIPPED = "arrival-of-a-household.md"


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One form, where there is a desk that fills it in."""
    if not {Desk.RECEPTION, Desk.PROTECTION} & set(desks):
        return
    data = (files("marfa.apps.forms") / "shipped" / SHIPPED).read_bytes()
    actor = by_command()
    examined = examine_xlsform(data, SHIPPED, Purpose.REGISTRATION)
    with every_organisation():
        version = add_form(actor=actor, organisation=data_controller(), examined=examined)
        publish_version(actor=actor, version=version)
