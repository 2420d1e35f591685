"""Tells the index of names and the digests of registrations and changes."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.name_search.changes import tell_of_change
from marfa.apps.name_search.digests import set_digests
from marfa.apps.name_search.models import LookupDigest
from marfa.apps.registry.events import PersonChanged, PersonPart, PersonRegistered
from marfa.apps.registry.models import ContactPoint, IdentityDocument, Person
from marfa.platform.events import listen_to
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.vault.access import open_vault

KINDS = LookupDigest.Kind
PHONES = frozenset({"phone", "messaging"})
NAMED = frozenset({PersonPart.PERSON, PersonPart.NAMES})
NUMBERED = frozenset({PersonPart.DOCUMENTS, PersonPart.CONTACTS})


@listen_to(PersonRegistered)
def follow_registration(event: PersonRegistered) -> None:
    """Somebody came, with names, documents and ways to be reached."""
    person = _person(event.person)
    tell_of_change(person.pk, owner=owner_of(person))
    renew_person_digests(person)


@listen_to(PersonChanged)
def follow_person_change(event: PersonChanged) -> None:
    """A name, a place, a document. Protection is among what changes of a person: they leave the
    search at once."""
    if event.part not in NAMED | NUMBERED:
        return
    person = _person(event.person)
    if event.part in NAMED:
        at_once = event.part is PersonPart.PERSON
        tell_of_change(person.pk, owner=owner_of(person), at_once=at_once)
    else:
        renew_person_digests(person)


def _person(key: UUID) -> Person:
    return Person.objects.get(pk=key)


def renew_person_digests(person: Person) -> None:
    """Have the digests of what a person has now."""
    # Two who write about one person wait for each other: else one deletes what the other made.
    # The lock lets rows through that refer to the person, which both have written by now.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    documents = IdentityDocument.objects.filter(person=person, ended_at=None)
    contacts = ContactPoint.objects.filter(person=person, ended_at=None)
    with open_vault():
        numbers = [row.number for row in documents if row.number]
        reached = [row.value for row in contacts if row.kind in PHONES and row.value]
    values: dict[str, list[str]] = {KINDS.DOCUMENT: numbers, KINDS.PHONE: reached}
    set_digests(subject=person.pk, organisation=person.organisation_id, values=values)
