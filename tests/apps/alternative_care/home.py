"""What tests of alternative care begin with: a vetted caregiver, and children with cases."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.alternative_care.actions.placements import Wanted, place_child
from marfa.apps.alternative_care.actions.places import (
    answer_vetting,
    ask_vetting,
    record_check,
    record_place,
)
from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.models.places import CHECKS
from marfa.apps.best_interests.models import CapacityNote
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.cases.models import Case
from marfa.platform import clock
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import CHILD, Office

HOUSE: dict[str, object] = {
    "kind": "foster_family",
    "label": "Blue door",
    "name": "Umm Nadia Quzah",
    "capacity": 4,
    "held": 0,
    "age_from": 0,
    "age_to": 17,
    "takes": "all",
}


def a_place(office: Office, **more: object) -> CarePlace:
    return record_place(actor=office.worker, site=office.site, told={**HOUSE, **more})


def vet(office: Office, place: CarePlace, days: int = 60) -> None:
    """All four checks are made by the worker, and the supervisor agrees."""
    now = clock.now()
    for kind in CHECKS:
        record_check(
            actor=office.worker,
            place=place,
            kind=kind,
            outcome="good",
            done_at=now,
            until=now + timedelta(days=days),
        )
    vetting = ask_vetting(actor=office.worker, place=place)
    answer_vetting(actor=office.supervisor, vetting=vetting, agree=True)


def a_child(office: Office) -> Case:
    return office.case(office.register(CHILD))


def own_yes(office: Office, case: Case) -> Agreement:
    """The child says yes, with a capacity on record."""
    note = CapacityNote(
        organisation_id=case.organisation_id,
        person=case.person,
        case=case,
        level="alone",
        at=clock.now(),
        by=office.worker.id,
    )
    with open_vault():
        note.explained = "You may say no"
        note.save(force_insert=True)
    return Agreement("child", "given", note.pk, clock.now())


def live_there(office: Office, case: Case, place: CarePlace, sort: str = "short") -> Placement:
    yes = own_yes(office, case) if sort != "emergency" else None
    wanted = Wanted(sort, "I like the garden", "Nobody else is there", agreement=yes)
    return place_child(actor=office.worker, case=case, place=place, wanted=wanted)
