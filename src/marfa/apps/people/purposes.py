"""For what somebody opens a person's record, by the role that they hold."""

from __future__ import annotations

from marfa.apps.organisations.models import Site
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role


def purpose_of(actor: Actor) -> Purpose:
    """Reception registers; case workers and supervisors help. The charter asks whether it fits."""
    names = actor.role_names
    if Role.CASE_WORKER in names or Role.SUPERVISOR in names:
        return Purpose.ASSISTANCE
    return Purpose.EVIDENCE if Role.INVESTIGATOR in names else Purpose.REGISTRATION


def sites_of(actor: Actor) -> list[Site]:
    """The sites at which an actor registers, in order of their names."""
    held = [role for role in actor.roles if role.role is Role.RECEPTION_OFFICER]
    sites = {role.site for role in held if role.site is not None}
    whole = {role.organisation for role in held if role.site is None and role.team is None}
    found = Site.objects.filter(pk__in=sites) | Site.objects.filter(organisation__in=whole)
    return list(found.order_by("name", "pk"))
