"""What tests of cases begin with: a person at the gate, and those who work there."""

from __future__ import annotations

from marfa.apps.cases.actions import presume_victim
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.domain.dates import PartialDate
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

ADULT = NewPerson(sex="female", born=PartialDate.gregorian(1990), basis="stated")
CHILD = NewPerson(sex="female", born=PartialDate.gregorian(2015), basis="stated")


class Office:
    """A gate with one woman, and a case worker, a supervisor, a colleague elsewhere, a guest."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.site = Site.objects.filter(organisation=operation.controller).order_by("name")[0]
        self.officer = actor_of(operation.desks[Desk.RECEPTION])
        self.worker = actor_of(operation.desks[Desk.PROTECTION])
        self.supervisor = actor_of(operation.supervisor)
        self.colleague = actor_of(operation.colleague)
        self.partner = actor_of(operation.partner)
        self.person = self.register()

    def register(self, told: NewPerson = ADULT) -> Person:
        return register_person(
            actor=self.officer, purpose=Purpose.REGISTRATION, site=self.site, told=told
        )

    def case(self, person: Person | None = None) -> Case:
        """A case of the case worker's, in which a presumption was made."""
        made = presume_victim(
            actor=self.worker, person=person or self.person, ground="told", text="She told it"
        )
        return Case.objects.select_related("person", "site").get(pk=made.case_id)
