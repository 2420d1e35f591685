"""The app's part of a demonstration: a fictional operation with two sites and a user a desk."""

from __future__ import annotations

from marfa.apps.accounts.actions import create_user
from marfa.apps.organisations.actions import create_organisation, grant_role, open_site
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry import Desk

# A made-up place, so that no real operation can be mistaken for it.
OPERATION = "Operation Calm Water · عملية المياه الهادئة"
GUEST = "Lantern House · بيت الفانوس"
SITES = (
    ("Gate of Tamarisk · بوابة الأثل", "Africa/Tripoli"),
    ("Harbour of Lights · مرفأ الأنوار", "Asia/Damascus"),
)

PEOPLE = {
    Desk.RECEPTION: "Rima · ريما",
    Desk.PROTECTION: "Hala · هالة",
    Desk.INVESTIGATIONS: "Idris · إدريس",
    Desk.FINANCE: "Farida · فريدة",
    Desk.SANCTIONS: "Selim · سليم",
    Desk.REPORTING: "Dima · ديما",
    Desk.COORDINATION: "Karim · كريم",
    Desk.ADMINISTRATION: "Amal · أمل",
}


def make(desks: tuple[Desk, ...]) -> None:
    """The controller with two sites, a guest partner, and one user for each desk."""
    controller = create_organisation(name=OPERATION, kind=Organisation.Kind.CONTROLLER)
    sites = [open_site(organisation=controller, name=n, time_zone=zone) for n, zone in SITES]
    create_organisation(name=GUEST, kind=Organisation.Kind.GUEST)
    for desk in desks:
        user = create_user(username=desk.value, display_name=PEOPLE[desk])
        site = sites[0] if desk is Desk.RECEPTION else None
        grant_role(user=user, desk=desk, organisation=controller, site=site)
