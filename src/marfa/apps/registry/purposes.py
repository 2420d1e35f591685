"""The purpose for which a role opens a person's record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marfa.apps.organisations.models import Site
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose, Role

HELPERS = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})


def purposes_of(actor: Actor) -> tuple[Purpose, ...]:
    """Case workers and supervisors help, reception registers; who holds several roles may do so
    for several purposes, the one for which most may be read first."""
    names = actor.role_names
    held = {
        Purpose.ASSISTANCE: bool(names & HELPERS),
        Purpose.EVIDENCE: Role.INVESTIGATOR in names,
        Purpose.REGISTRATION: Role.RECEPTION_OFFICER in names,
    }
    return tuple(purpose for purpose, holds in held.items() if holds) or (Purpose.REGISTRATION,)


def purpose_for(actor: Actor, action: str, first: Resource, *others: Resource) -> Purpose:
    """For what somebody does something with these: the first purpose for which the charter allows
    it with the first of them, and with as many of the others as it can be."""
    return fitting_purpose(purposes_of(actor), actor, action, first, *others)


def purpose_to_tell(actor: Actor, person: Resource, fields: Iterable[str]) -> Purpose:
    """For what somebody writes these fields of a person who is being registered: registration may
    not write what is sensitive, and who also helps the person may."""
    return purpose_for(actor, "records.write", record_of(person, Person, list(fields)))


def purpose_about(actor: Actor, action: str, *people: Person) -> Purpose:
    """The same for people as they are stored. They are read where there is a choice alone."""
    possible = purposes_of(actor)
    if len(possible) == 1:
        return possible[0]
    known = PERSON.resources(Person.objects.filter(pk__in=[person.pk for person in people]))
    return fitting_purpose(possible, actor, action, *(known[person.pk] for person in people))


def fitting_purpose(
    possible: Sequence[Purpose], actor: Actor, action: str, *resources: Resource
) -> Purpose:
    """Of the purposes the one that fits; where none does, the first, for which it is then refused.
    Nothing of this stands in the log: nobody meant it."""

    def fits(purpose: Purpose) -> tuple[bool, int]:
        context: dict[str, Value] = {"on_record": True, "purpose": purpose.value}
        answers = [decide(actor, action, each, context).allowed for each in resources]
        return answers[0], sum(answers)

    return possible[0] if len(possible) == 1 else max(possible, key=fits)


def sites_of(actor: Actor) -> list[Site]:
    """The sites at which an actor registers, in order of their names."""
    return list(sites_where(actor, {Role.RECEPTION_OFFICER}))
