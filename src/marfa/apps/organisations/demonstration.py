"""The app's part of a demonstration: a fictional operation with two sites and a user a desk."""

from __future__ import annotations

from marfa.apps.accounts.actions import create_user
from marfa.apps.organisations.actions import create_organisation, grant_role, open_site
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry import Desk

# A made-up place, so that no real operation can be mistaken for it.
OPERATION = "Operation Calm Water (fictional)"
GUEST = "Lantern House (fictional)"
SITES = (("Gate of Tamarisk", "Africa/Tripoli"), ("Harbour of Anwar", "Asia/Damascus"))

PEOPLE = {
    Desk.RECEPTION: "Rima",
    Desk.PROTECTION: "Hala",
    Desk.INVESTIGATIONS: "Idris",
    Desk.FINANCE: "Farida",
    Desk.SANCTIONS: "Selim",
    Desk.REPORTING: "Dima",
    Desk.COORDINATION: "Karim",
    Desk.ADMINISTRATION: "Amal",
}


def make(desks: tuple[Desk, ...]) -> None:
    """The controller with two sites, a guest partner, and one user for each desk."""
    controller = create_organisation(name=OPERATION, kind=Organisation.Kind.CONTROLLER)
    sites = [open_site(organisation=controller, name=n, time_zone=zone) for n, zone in SITES]
    create_organisation(name=GUEST, kind=Organisation.Kind.GUEST)
    for desk in desks:
        name = f"{PEOPLE[desk]} (fictional)"
        user = create_user(username=desk.value, display_name=name)
        site = sites[0] if desk is Desk.RECEPTION else None
        grant_role(user=user, desk=desk, organisation=controller, site=site)
