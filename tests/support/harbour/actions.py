"""What staff do in the small operation, each in the shape of an action."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.actions import action, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import forget_everywhere, open_vault
from marfa.safeguards.vault.models import SubjectKey
from marfa.safeguards.words import Purpose
from tests.support.harbour.models import PERSON, Package, Person, Request, Tie

NOBODY: frozenset[UUID] = frozenset()


def register(
    *, actor: Actor, purpose: Purpose, organisation: UUID, site: UUID, name: str
) -> Person:
    """A new person at a site."""
    person = Person(id=new_id(), organisation_id=organisation, site_id=site)
    facts: dict[str, Value] = {"organisation": organisation, "site": site}
    facts |= dict.fromkeys(("protected", "erased"), False)
    facts |= dict.fromkeys(("assigned", "granted", "excluded", "excluded_places"), NOBODY)
    resource = Resource("Person", person.pk, facts)
    with action(actor=actor, code="people.register", purpose=purpose, resource=resource):
        person.name = name
        person.save()
    return person


def open_identity(*, actor: Actor, purpose: Purpose, person: Person) -> str:
    """Who it is, on the record."""
    resource = PERSON.resource(person)
    with (
        reading(actor=actor, code="people.open_identity", purpose=purpose, resource=resource),
        open_vault(),
    ):
        return str(Person.objects.get(pk=person.pk).name)


def tie(
    *,
    actor: Actor,
    code: str,
    person: Person,
    sort: Tie.Sort,
    member: UUID,
    until: datetime | None = None,
) -> None:
    """Assign, shut out, or open to an organisation: ``code`` says which."""
    resource = PERSON.resource(person)
    with action(actor=actor, code=code, purpose=Purpose.ASSISTANCE, resource=resource):
        Tie.objects.create(object_id=person.pk, sort=sort, member=member, until=until)


def protect(*, actor: Actor, person: Person) -> None:
    """From now on the person is hidden from who is not assigned."""
    resource = PERSON.resource(person)
    with action(actor=actor, code="people.protect", purpose=Purpose.ASSISTANCE, resource=resource):
        Person.objects.filter(pk=person.pk).update(protected=True)


def consent(*, actor: Actor, person: Person, answer: Person.Consent) -> None:
    """What the person says about sharing."""
    resource = PERSON.resource(person)
    with action(actor=actor, code="people.change", purpose=Purpose.ASSISTANCE, resource=resource):
        Person.objects.filter(pk=person.pk).update(consent=answer)


def send(*, actor: Actor, person: Person, recipient: str) -> None:
    """A package about a person, on consent alone."""
    answer = Person.objects.values_list("consent", flat=True).get(pk=person.pk)
    facts: dict[str, Value] = {
        **PERSON.resource(person).facts,
        "recipient": recipient,
        "agreement_in_force": True,
        "agreed_purposes": frozenset({Purpose.ASSISTANCE}),
        "bases": frozenset({"consent"}),
        "consent_given": answer != Person.Consent.NONE,
        "consent_withdrawn": answer == Person.Consent.WITHDRAWN,
        "says_no_indication": False,
        "tier": "personal",
    }
    resource = Resource("Disclosure", person.pk, facts)
    with action(
        actor=actor, code="disclosures.send", purpose=Purpose.ASSISTANCE, resource=resource
    ):
        Package.objects.create(person=person, recipient=recipient)


def erase(*, actor: Actor, person: Person) -> None:
    """The person's key is destroyed, and what it opened with it."""
    resource = PERSON.resource(person)
    with action(
        actor=actor,
        code="privacy.erase",
        purpose=Purpose.DATA_PROTECTION,
        resource=resource,
        # Two colleagues said yes to it before: who they are is of no account here.
        context={
            "asked_by": NOBODY,
            "decided_by": frozenset({new_id()}),
            "agreed_by": frozenset({new_id()}),
        },
    ):
        Person.objects.filter(pk=person.pk).update(erased_at=clock.now())
        SubjectKey.objects.filter(subject=person.pk).delete()
    forget_everywhere(person.pk)


def sealed(person: Person, request: Request | None, *, holders: frozenset[UUID]) -> Resource:
    """What is sealed about a person, with the request to open it if there is one."""
    facts: dict[str, Value] = {
        **PERSON.resource(person).facts,
        "holders": holders,
        "asked_by": frozenset({request.asked_by}) if request else NOBODY,
        "approved_by": frozenset({request.approved_by} if request and request.approved_by else ()),
        "reason_given": True,
        "in_force": request is not None and not request.opened,
    }
    return Resource("SealedRecord", person.pk, facts)


def ask(*, actor: Actor, person: Person, holders: frozenset[UUID]) -> Request:
    """Ask to open what is sealed about a person."""
    resource = sealed(person, None, holders=holders)
    with action(actor=actor, code="sealed.ask", purpose=Purpose.ASSISTANCE, resource=resource):
        return Request.objects.create(person=person, asked_by=actor.id)


def approve(*, actor: Actor, request: Request, holders: frozenset[UUID]) -> None:
    """Let who asked open it."""
    resource = sealed(request.person, request, holders=holders)
    with action(actor=actor, code="sealed.approve", purpose=Purpose.ASSISTANCE, resource=resource):
        Request.objects.filter(pk=request.pk).update(approved_by=actor.id)


def open_sealed(*, actor: Actor, request: Request, holders: frozenset[UUID]) -> None:
    """Open it, once."""
    resource = sealed(request.person, request, holders=holders)
    with action(actor=actor, code="sealed.open", purpose=Purpose.ASSISTANCE, resource=resource):
        Request.objects.filter(pk=request.pk).update(opened=True)


def listing(actor: Actor) -> set[UUID]:
    """Who is in the list that an actor sees."""
    return set(
        Person.objects.filter(visibility_condition(PERSON, actor)).values_list("pk", flat=True)
    )


def count(actor: Actor) -> int:
    """How many people an actor may count."""
    return Person.objects.filter(visibility_condition(PERSON, actor, "people.count")).count()
