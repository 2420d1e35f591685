"""Facts for the rules, from registration and private conversation.

A protected person is as if they were not there: who looks after a child and is protected does not
count, so that nothing that others see depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from marfa.apps.reception.models import ConversationAnswer
from marfa.apps.reception.reasons import Basis, Fact, Known
from marfa.apps.registry.care import Situation, derive_care, known_of, ties_of
from marfa.apps.registry.models import HouseholdMember, IdentityDocument, Person
from marfa.platform import clock

HELD_BY_OTHERS = frozenset({"employer", "other_person"})
NO_DOCUMENTS = frozenset({"lost", "never_had"})
NO_COUNTRY = frozenset({"stateless", "at_risk", "undetermined"})


def may_be_child(person: Person, day: date) -> bool:
    """Whether nobody can say that the person is grown up."""
    return person.child_until is None or day < person.child_until


def today_of(person: Person) -> date:
    """The day where the person is."""
    return clock.today(person.site.time_zone) if person.site else clock.now().date()


def facts_from_registration(person: Person) -> frozenset[Known]:
    """Facts of the registration; within ``open_vault()``."""
    day = today_of(person)
    found = set(_papers(person))
    if may_be_child(person, day):
        found.add(Fact.CHILD)
        if not _has_carer(person, day):
            found.add(Fact.WITHOUT_CARE)
        if _heads(person):
            found.add(Fact.HEADS_HOUSEHOLD)
    return frozenset(Known(fact, Basis.REGISTERED) for fact in found)


def facts_from_answers(answers: Iterable[ConversationAnswer]) -> frozenset[Known]:
    """Facts that were said or seen in a talk: only a yes is one; within ``open_vault()``."""
    found = set()
    for answer in answers:
        for basis, said in ((Basis.STATED, answer.stated), (Basis.OBSERVED, answer.observed)):
            if said == "yes":
                found.add(Known(Fact(answer.question), basis))
    return frozenset(found)


def _papers(person: Person) -> Iterator[Fact]:
    documents = IdentityDocument.objects.filter(person=person, ended_at=None)
    holders = {document.held_by for document in documents}
    if holders & HELD_BY_OTHERS:
        yield Fact.PAPERS_HELD
    if holders & NO_DOCUMENTS or person.statelessness in NO_COUNTRY:
        yield Fact.NO_PAPERS


def _has_carer(person: Person, day: date) -> bool:
    """Whether a parent or caregiver is here, be it only claimed: the talk alone looks closer."""
    ties = ties_of([person.pk]).get(person.pk, [])
    somebody = known_of({tie.other for tie in ties} | {person.pk})
    here = [(tie, somebody[tie.other]) for tie in ties if tie.other in somebody]
    return derive_care(somebody[person.pk], here, day).claimed is Situation.ACCOMPANIED


def _heads(person: Person) -> bool:
    mine = HouseholdMember.objects.filter(person=person, head=True, until=None)
    others = HouseholdMember.objects.filter(
        household__in=mine.values("household"), until=None, person__protected=False
    )
    return others.exclude(person=person).exists()
