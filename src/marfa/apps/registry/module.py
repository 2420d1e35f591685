"""What the app brings to the shell."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.manifest import Desk, DraftKind, Module, NavigationItem
from marfa.apps.registry.demo import make
from marfa.apps.registry.erasure import OpeningShredder
from marfa.apps.registry.identifiers import keys_of_people
from marfa.apps.registry.tour import STEPS
from marfa.apps.registry.views import household_registration, person_registration
from marfa.apps.registry.work import waiting as protection_waiting


def _form_of_household(_subject: UUID | None) -> str:
    return reverse("reception:household")


def _form_of_person(_subject: UUID | None) -> str:
    return reverse("reception:person")


MODULE = Module(
    name="registry",
    urls=(
        (None, "marfa.apps.registry.urls"),
        (Desk.RECEPTION, "marfa.apps.registry.registration_urls"),
    ),
    pages={"people": (Desk.RECEPTION, Desk.PROTECTION)},
    navigation=(
        NavigationItem(Desk.RECEPTION, _("Register a household"), "reception:household", place=10),
        NavigationItem(Desk.RECEPTION, _("Register one person"), "reception:person", place=10),
    ),
    demonstration=make,
    tours=STEPS,
    my_work=(protection_waiting,),
    erasure=(OpeningShredder(),),
    subjects=(keys_of_people,),
    drafts=(
        DraftKind(
            household_registration.FORM, _("Registration of a household"), _form_of_household
        ),
        DraftKind(person_registration.FORM, _("Registration of a person"), _form_of_person),
    ),
)
