"""Registering people: one by one, by code alone, or a household on one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from marfa.apps.organisations.models import Site
from marfa.apps.registry.actions.facts import restate_person_facts
from marfa.apps.registry.actions.person import change_person
from marfa.apps.registry.actions.person_rows import add_to_person
from marfa.apps.registry.actions.submissions import (
    SentBeforeError,
    SentForm,
    by_the_other,
    registered_by,
    sent_as,
)
from marfa.apps.registry.ages import child_until
from marfa.apps.registry.events import PersonRegistered
from marfa.apps.registry.models import (
    Household,
    HouseholdMember,
    IdentityDocument,
    Person,
    PersonName,
    Registration,
    Relationship,
)
from marfa.apps.registry.policy_facts import PERSON, newcomer_resource
from marfa.apps.registry.purposes import purpose_to_tell
from marfa.domain.codelists import codelist
from marfa.domain.codes import new_code
from marfa.domain.dates import PartialDate, to_storage
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

CODE = "people.register"
MOST = 40
"""People whom one form registers."""
LISTED = {
    "gender": "prs_gender",
    "marital_status": "prs_marital_status",
    "education": "prs_highest_level_of_education",
}
"""What may be told beyond the form of the gate, and of which list it is a code."""


@dataclass(frozen=True)
class NewName:
    """A name as it is told. kind: code of ``name_kinds``."""

    text: str
    kind: str = "usual"


@dataclass(frozen=True)
class NewPerson:
    """What is told of somebody at the gate; all of it may be missing.

    basis: code of ``birth_bases``. languages: codes of ISO 639-3, best understood first.
    citizenships: codes of ISO 3166-1; with what follows, of people of whom somebody else told it.
    """

    names: Sequence[NewName] = ()
    sex: str = "unknown"
    born: PartialDate | None = None
    basis: str = "unknown"
    age_disputed: bool = False
    languages: Sequence[str] = field(default_factory=tuple)
    citizenships: Sequence[str] = ()
    gender: str = ""
    marital_status: str = ""
    education: str = ""


@dataclass(frozen=True)
class NewPaper:
    """A paper that somebody shows. kind: code of ``identity_documents``."""

    kind: str
    number: str = ""


@dataclass(frozen=True)
class NewMember:
    """Somebody on the form of a household. relation: what they say to be to the first one, a code
    of ``relationship_kinds``; empty where nothing was said. more: what else is known of them, of
    the fields of ``change_person``, by whom the charter lets write it."""

    told: NewPerson
    relation: str = ""
    papers: Sequence[NewPaper] = ()
    more: Mapping[str, object] = field(default_factory=dict)


def register_person(
    *,
    actor: Actor,
    purpose: Purpose,
    site: Site,
    told: NewPerson,
    event: Registration.Event = Registration.Event.ARRIVAL,
    mode: Registration.Mode = Registration.Mode.INDIVIDUAL,
    day: date | None = None,
    batch: UUID | None = None,
    typed: object = None,
) -> Person:
    """Register one person at a site. day: of the event, where it was not today.

    batch: of the form, so that sending it twice registers nobody twice: then whom it registered.
    typed: what was typed on it, where ``told`` is not the same on another day, as an age is not.
    Raises DeniedError, InputError; SentBeforeError where the form said something else before.
    """
    sent = sent_as(batch, site, event, typed or told)
    before = registered_by(sent, site)
    if before:
        return before[0].person
    form = Form(actor, purpose, site, event, mode, day_of(day, site), sent)
    try:
        with open_vault(), together():
            person = form.store(told)
            form.arrive([person], None)
    except IntegrityError:  # the same form, sent a second time before the first was answered
        return by_the_other(sent, site)[0].person
    return person


def register_household(
    *,
    actor: Actor,
    purpose: Purpose,
    site: Site,
    members: Sequence[NewMember],
    batch: UUID,
    day: date | None = None,
    typed: object = None,
) -> Household:
    """Register people who came together, the head of their household first: all or nobody.

    What they say to be to the head is claimed until somebody verifies it. batch: of the form;
    sending it again registers nobody again. typed: as in ``register_person``.
    Raises DeniedError, InputError naming the row; SentBeforeError.
    """
    event, mode = Registration.Event.ARRIVAL, Registration.Mode.GROUP
    sent = sent_as(batch, site, event, typed or list(members))
    before = registered_by(sent, site)
    if before:
        return _household_of(before)
    _check(members)
    form = Form(actor, purpose, site, event, mode, day_of(day, site), sent)
    try:
        return _store_household(form, members)
    except IntegrityError:  # the same form, sent a second time before the first was answered
        return _household_of(by_the_other(sent, site))


def _household_of(rows: Sequence[Registration]) -> Household:
    """The household that a form made. Raises SentBeforeError where it is there no more."""
    found = rows[0].household
    if found is None:
        raise SentBeforeError.at(Message("apps.registry:form-sent-before"))
    return found


def _store_household(form: Form, members: Sequence[NewMember]) -> Household:
    with open_vault(), together():
        head = form.store(members[0].told)
        others = [form.store(each.told, each.relation, head) for each in members[1:]]
        people = [head, *others]
        household = form.household(people)
        form.arrive(people, household)
        for person, member in zip(people, members, strict=True):
            _add_more(form, person, member)
    return household


def _add_more(form: Form, person: Person, member: NewMember) -> None:
    """What is told of somebody beyond the gate, by the actions that add it to anybody, so that the
    charter is asked as it is there."""
    about: dict[str, Any] = {"actor": form.actor, "purpose": form.purpose, "person": person}
    for paper in member.papers:
        values = {"kind": paper.kind, "number": paper.number}
        add_to_person(**about, model=IdentityDocument, values=values)
    if member.more:
        person.refresh_from_db()
        about["purpose"] = purpose_to_tell(form.actor, PERSON.resource(person), member.more)
        change_person(**about, base_version=person.version, changes=member.more)


@dataclass(frozen=True)
class Form:
    """Who registers, where, how and when: the same for everybody on a form."""

    actor: Actor
    purpose: Purpose
    site: Site
    event: Registration.Event
    mode: Registration.Mode
    day: date
    sent: SentForm | None = None

    def store(self, told: NewPerson, relation: str = "", to: Person | None = None) -> Person:
        """One person with their names, and what they say to be to the head of their household.
        Raises DeniedError."""
        key = new_id()
        owner = self.site.organisation_id
        resource = newcomer_resource(key, organisation=owner, site=self.site.pk)
        with action(
            actor=self.actor, code=CODE, purpose=self.purpose, resource=resource, subject=key
        ) as act:
            act.made("Person", key)
            act.note(event=self.event.value, mode=self.mode.value)
            person = _person(key, self.site, told)
            act.create(person)
            self._names(act, person, told.names)
            if to is not None and relation:
                self._relate(act, person, relation, to)
        return person

    def _names(self, act: Act, person: Person, names: Sequence[NewName]) -> None:
        for place, name in enumerate(name for name in names if name.text.strip()):
            row = PersonName(
                organisation_id=person.organisation_id,
                person=person,
                kind=name.kind,
                place=place,
                recorded_at=person.registered_at,
            )
            row.text = " ".join(name.text.split())
            act.create(row)

    def household(self, people: Sequence[Person]) -> Household:
        """A new household of these people, the first its head."""
        owner, now = self.site.organisation_id, clock.now()
        made = Household.objects.create(
            code=free_code(Household, owner), organisation_id=owner, site=self.site, formed_at=now
        )
        HouseholdMember.objects.bulk_create(
            HouseholdMember(
                organisation_id=owner,
                household=made,
                person=person,
                head=person is people[0],
                since=now,
            )
            for person in people
        )
        return made

    def _relate(self, act: Act, person: Person, kind: str, to: Person) -> None:
        """What somebody says to be to the head, claimed."""
        row = Relationship(
            organisation_id=person.organisation_id,
            person=person,
            to=to,
            kind=kind,
            accompanies=True,
            recorded_at=clock.now(),
        )
        act.create(row)

    def arrive(self, people: Sequence[Person], household: Household | None) -> None:
        """That they are here: the rows of the event, the facts, and whoever listens."""
        now = clock.now()
        rows = Registration.objects.bulk_create(
            Registration(
                organisation_id=self.site.organisation_id,
                person=person,
                household=household,
                site=self.site,
                event=self.event,
                mode=self.mode,
                day=self.day,
                at=now,
                by=self.actor.id,
                batch=self.sent.batch if self.sent else None,
                digest=self.sent.digest if self.sent else "",
                place=place,
            )
            for place, person in enumerate(people)
        )
        restate_person_facts((person.pk for person in people), at=now, day=self.day)
        home = household.pk if household else None
        for row in rows:
            publish_event(
                PersonRegistered(row.person_id, self.site.pk, row.pk, self.event.value, home)
            )


def _person(key: UUID, site: Site, told: NewPerson) -> Person:
    check_told(told)
    person = Person(
        id=key,
        code=free_code(Person, site.organisation_id),
        organisation_id=site.organisation_id,
        site=site,
        sex=told.sex,
        age_disputed=told.age_disputed,
        child_until=child_until(told.born, disputed=told.age_disputed),
        registered_at=clock.now(),
    )
    if told.born is not None:
        person.born = to_storage(told.born)
        person.birth_basis = told.basis
    if told.languages:
        person.languages = list(told.languages)
    if told.citizenships:
        person.citizenships = sorted(told.citizenships)
    for name in LISTED:
        setattr(person, name, getattr(told, name) or None)
    return person


def free_code(model: type[Person | Household], organisation: UUID) -> str:
    """A code that nobody of the organisation has."""
    while True:
        code = new_code()
        if not model._base_manager.filter(organisation=organisation, code=code).exists():
            return code


def _check(members: Sequence[NewMember]) -> None:
    if not members:
        raise InputError.at(Message("apps.registry:household-empty"))
    if len(members) > MOST:
        raise InputError.at(Message("apps.registry:household-large", {"most": MOST}))
    for row, member in enumerate(members, 1):
        if member.relation and member.relation not in codelist("relationship_kinds"):
            code = {"code": member.relation}
            raise InputError.at(Message("apps.registry:code-unknown", code), row=row)
        for name in member.told.names:
            check_visible(name.text, field="name", row=row)


def check_told(told: NewPerson) -> None:
    """A code that no list has is a fault of the form, and is said before anything is written.
    Raises InputError, also for a sign in a name that nobody sees."""
    lists = (("sex", told.sex), ("birth_bases", told.basis))
    more = [(LISTED[name], getattr(told, name)) for name in LISTED if getattr(told, name)]
    named = (*lists, *more, *(("name_kinds", name.kind) for name in told.names))
    for name, code in named:
        if code not in codelist(name):
            raise InputError.at(Message("apps.registry:code-unknown", {"code": code}), field=name)
    for place, each in enumerate(told.names):
        check_visible(each.text, field="other_name" if place else "name")


def day_of(day: date | None, site: Site) -> date:
    """The day of an event: today, or an earlier one. Raises InputError for one to come."""
    today = clock.today(site.time_zone)
    if day is not None and day > today:
        raise InputError.at(Message("apps.registry:day-ahead"), field="day")
    return day or today
