"""The app's part of a demonstration: a fictional operation with two sites, a guest partner, a
user a desk, and some more who may see other things than those."""

from __future__ import annotations

from marfa.apps.accounts.actions import create_user
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import create_organisation, grant_role, open_site
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.roles import DESK_OF, first_role_at
from marfa.safeguards.words import Role

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
COLLEAGUE, SUPERVISOR, OFFICER, PARTNER = "colleague", "supervisor", "officer", "partner"
FOCAL = "focal"


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The controller with two sites, a guest partner, one user for each desk, and beside them a
    case worker at the other site, a supervisor, a data-protection officer, and a guest."""
    controller = create_organisation(name=OPERATION, kind=Organisation.Kind.CONTROLLER)
    sites = [open_site(organisation=controller, name=n, time_zone=zone) for n, zone in SITES]
    guest = create_organisation(name=GUEST, kind=Organisation.Kind.GUEST)
    for desk in desks:
        user = create_user(username=desk.value, display_name=PEOPLE[desk])
        site = sites[0] if desk is Desk.RECEPTION else None
        grant_role(user=user, role=first_role_at(desk), organisation=controller, site=site)
    more = (
        (COLLEAGUE, "Samar · سمر", Role.CASE_WORKER, controller, sites[1]),
        (SUPERVISOR, "Huda · هدى", Role.SUPERVISOR, controller, None),
        (FOCAL, "Mona · منى", Role.FOCAL_POINT, controller, None),
        (OFFICER, "Nabil · نبيل", Role.DATA_PROTECTION_OFFICER, controller, None),
        (PARTNER, "Layan · ليان", Role.CASE_WORKER, guest, None),
    )
    for username, name, role, organisation, site in more:
        if DESK_OF[role] in desks:
            user = create_user(username=username, display_name=name)
            grant_role(user=user, role=role, organisation=organisation, site=site)
