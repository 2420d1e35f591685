"""What the app brings to the shell."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.people.actions.raising import FORM as ANSWER
from marfa.apps.people.consents import section
from marfa.apps.people.consents.queries import ending_agreements, waiting_notices
from marfa.apps.people.demonstration import make
from marfa.apps.people.erasing import OpeningShredder
from marfa.apps.people.finding.notices import waiting as searching_to_look_into
from marfa.apps.people.finding.providing import found_by
from marfa.apps.people.named import keys_of_people
from marfa.apps.people.pages import household, single, talk
from marfa.apps.people.protection import waiting as protection_waiting
from marfa.apps.people.summary import told_about
from marfa.apps.people.touring import STEPS
from marfa.apps.people.urls import AT
from marfa.apps.registry import Desk, DraftKind, Module, NavigationItem, PersonSection


def _form_of_household(_subject: UUID | None) -> str:
    return reverse("reception:household")


def _form_of_person(_subject: UUID | None) -> str:
    return reverse("reception:person")


WITH_PEOPLE = bool(AT & set(settings.FOLDER.instance.desks))
"""Whether anybody here works with people, so that there is something to agree on with others."""

MODULE = Module(
    name="people",
    urls=(
        (None, "marfa.apps.people.urls"),
        (None, "marfa.apps.people.finding.urls"),
        (None, "marfa.apps.people.consents.urls"),
        (None, "marfa.apps.people.figures.urls"),
        (Desk.RECEPTION, "marfa.apps.people.reception_urls"),
        (None, "marfa.apps.people.reasons_urls"),
        (Desk.RECEPTION, "marfa.apps.people.queue_urls"),
    ),
    pages={
        "people": (Desk.RECEPTION, Desk.PROTECTION),
        "reasons": (Desk.RECEPTION, Desk.PROTECTION),
        "consents": (Desk.PROTECTION, Desk.RECEPTION),
    },
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Register a household"), "reception:household", place=10),
        NavigationItem(Desk.RECEPTION, _("Register one person"), "reception:person", place=10),
        NavigationItem(Desk.RECEPTION, _("Find a person"), "finding:find", place=40),
        NavigationItem(Desk.PROTECTION, _("Find a person"), "finding:find", place=20),
        NavigationItem(Desk.RECEPTION, _("Queue"), "queue:site", place=30),
        NavigationItem(
            Desk.RECEPTION,
            _("Tickets on the wall"),
            "queue:board",
            place=60,
            about=_("Shows everybody who waits which ticket is called; it names nobody."),
        ),
        *(
            NavigationItem(desk, _("Figures of the sites"), "figures:site")
            for desk in (Desk.PROTECTION, Desk.REPORTING, Desk.COORDINATION)
            if WITH_PEOPLE
        ),
        NavigationItem(
            Desk.PROTECTION, _("Consent that was taken back"), "consents:notices", place=40
        ),
        *(
            NavigationItem(desk, _("Recipients of data"), "consents:recipients")
            for desk in (Desk.COORDINATION, Desk.ADMINISTRATION)
            if WITH_PEOPLE
        ),
    ),
    person_sections=(PersonSection(_("Consent and sharing"), section.render),),
    search=(found_by,),
    demonstration=make,
    tours=STEPS,
    my_work=(searching_to_look_into, protection_waiting, waiting_notices, ending_agreements),
    access=(told_about,),
    erasure=(OpeningShredder(),),
    subjects=(keys_of_people,),
    drafts=(
        DraftKind(household.FORM, _("Registration of a household"), _form_of_household),
        DraftKind(ANSWER, talk.DRAFT_LABEL, talk.address_of),
        DraftKind(single.FORM, _("Registration of a person"), _form_of_person),
    ),
)
