"""Changing what is known of a person, and deciding about an age in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import Min

from marfa.apps.manifest import gather_from_apps
from marfa.apps.registry.actions.base import must_write, person_action
from marfa.apps.registry.actions.facts import restate_after
from marfa.apps.registry.ages import child_until
from marfa.apps.registry.events import PersonChanged, PersonPart
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.codelists import codelist
from marfa.domain.countries import all_countries
from marfa.domain.dates import PartialDate, from_storage, is_child_on, to_storage
from marfa.domain.dates.answer import Answer
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.platform.revisions.actions import Saved
from marfa.platform.revisions.errors import GivenUp
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

TOLD = (
    *("sex", "born", "birth_basis", "birth_place", "gender", "languages", "interpreter"),
    *("citizenships", "statelessness", "displacement", "migration_status", "marital_status"),
    *("education", "functioning", "ethnicity", "religion"),
)
"""What a person tells and staff may put right. Whether they are there, doubt about their age and
protection have actions of their own."""

CODES = {
    "sex": "sex",
    "birth_basis": "birth_bases",
    "gender": "prs_gender",
    "statelessness": "statelessness",
    "displacement": "displacement_status",
    "migration_status": "migration_protection_status",
    "marital_status": "prs_marital_status",
    "education": "prs_highest_level_of_education",
}
TREAT_AS_ADULT = "children.treat_as_adult"


def change_person(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    base_version: int,
    changes: Mapping[str, object],
    mine: GivenUp = (),
) -> Saved:
    """Put right what is known of a person, as somebody who saw ``base_version`` meant it.

    changes: of the fields in TOLD, in clear; ``born`` as ``dates.to_storage`` writes it.
    A birth date that makes an adult of whoever was treated as a child is a decision about age, for
    those alone who may make it. Raises DeniedError, InputError, ConflictError.
    """
    if odd := set(changes) - set(TOLD):
        raise KeyError(odd)
    for name, value in changes.items():
        _check(name, value)
    with person_action(actor, purpose, person, "person_changed", PersonPart.PERSON) as act:
        must_write(actor, purpose, PERSON.resource(person), Person, changes)
        if "born" in changes:
            _ask_if_grown(actor, purpose, person, changes["born"])
        saved = act.save(
            person,
            base_version=base_version,
            changes=changes,
            mine=mine,
            derived=_childhood,
        )
        act.note(version=saved.version, **dict.fromkeys(saved.changed, True))
        restate_after(person, saved.changed, at=saved.at)
    return saved


def doubt_age(*, actor: Actor, purpose: Purpose, person: Person) -> Saved:
    """Write down that somebody's age is in doubt: from now on they are a child until decided.

    Whoever may change what is known of a person may doubt: it only ever protects more.
    """
    with person_action(actor, purpose, person, "age_doubted", PersonPart.PERSON) as act:
        saved = act.save(
            person,
            changes={"age_disputed": True, "age_decided_at": None, "child_until": None},
        )
        restate_after(person, saved.changed, at=saved.at)
    return saved


def decide_age(
    *, actor: Actor, purpose: Purpose, person: Person, born: PartialDate, basis: str
) -> Saved:
    """Decide about an age in doubt: with what basis the person was born when.

    Only who may write down that somebody is grown up decides, in either direction. Nobody makes an
    adult of whose age is disputed on their own word: an app above says that it was decided as it
    must be (``Module.adulthood``). Raises DeniedError, InputError.
    """
    grown = is_child_on(born, clock.today(person.time_zone)) is Answer.NO
    in_doubt = grown and person.age_disputed and not _adulthood_stands(person)
    with (
        open_vault(),
        action(
            actor=actor,
            code=TREAT_AS_ADULT,
            purpose=purpose,
            resource=as_child(person, in_doubt=in_doubt),
        ) as act,
    ):
        act.about(person.pk)
        act.note(what="age_decided")
        saved = act.save(
            person,
            changes={
                **_born(born, basis),
                "age_disputed": False,
                "age_decided_at": clock.now(),
                "child_until": child_until(born, disputed=False),
            },
        )
        restate_after(person, saved.changed, at=saved.at)
        publish_event(PersonChanged(person.pk, PersonPart.PERSON))
    return saved


def as_child(person: Person, *, in_doubt: bool) -> Resource:
    """A person as the charter asks about a child. in_doubt: whether the age is undecided."""
    facts = {**PERSON.resource(person).facts, "age_in_doubt": in_doubt}
    facts |= {"referred": False, "authority_unsafe": False}
    return Resource("Child", person.pk, facts)


def _adulthood_stands(person: Person) -> bool:
    return any(stands(person.pk) for stands in gather_from_apps("adulthood"))


def _born(born: PartialDate, basis: str) -> dict[str, object]:
    _check("birth_basis", basis)
    return {"born": to_storage(born), "birth_basis": basis}


def _childhood(values: Mapping[str, object]) -> Mapping[str, object]:
    """Until when they are a child, where their birth is among what is saved."""
    if "born" not in values:
        return {}
    born = from_storage(str(values["born"])) if values["born"] else None
    return {"child_until": child_until(born, disputed=bool(values["age_disputed"]))}


def _ask_if_grown(actor: Actor, purpose: Purpose, person: Person, told: object) -> None:
    """Whether this actor may make an adult of somebody who was treated as a child."""
    born = from_storage(str(told)) if told else None
    _check_born(person, born)
    today = clock.now().date()
    grown = is_child_on(born, today, disputed=person.age_disputed) is Answer.NO
    if grown and _is_child(person, today):
        resource = as_child(person, in_doubt=person.age_disputed)
        with action(actor=actor, code=TREAT_AS_ADULT, purpose=purpose, resource=resource) as act:
            act.about(person.pk)


def _is_child(person: Person, day: date) -> bool:
    return person.age_disputed or person.child_until is None or day < person.child_until


def _check_born(person: Person, born: PartialDate | None) -> None:
    """Nobody came before they can have been born."""
    came = person.registrations.aggregate(first=Min("day"))["first"]
    if born is not None and came is not None and born.earliest > came:
        raise InputError.at(Message("apps.registry:born-after-arrival"), field="born")


def _check(name: str, value: object) -> None:
    """A code that no list has is said at its field."""
    listed = CODES.get(name)
    if listed and value and value not in codelist(listed):
        raise InputError.at(Message("apps.registry:code-unknown", {"code": str(value)}), field=name)
    if name == "born" and value:
        from_storage(str(value))
    if name == "citizenships" and isinstance(value, list):
        _each_in(lambda code: any(code == each.alpha_2 for each in all_countries()), value, name)
    if name == "functioning" and isinstance(value, dict):
        _each_in(lambda code: code in codelist("wg_domains"), value, name)
        _each_in(lambda code: code in codelist("wg_levels"), value.values(), name)


def _each_in(known: Callable[[str], bool], codes: Iterable[object], name: str) -> None:
    for code in codes:
        if not known(str(code)):
            raise InputError.at(
                Message("apps.registry:code-unknown", {"code": str(code)}), field=name
            )
