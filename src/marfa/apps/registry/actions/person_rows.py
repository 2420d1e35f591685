"""Names, papers and ways to reach a person: added, put right, ended. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.apps.registry.actions.base import must_write, person_action
from marfa.apps.registry.events import PersonPart
from marfa.apps.registry.models import ContactPoint, IdentityDocument, Person, PersonName
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.platform.revisions.errors import GivenUp
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

Row = PersonName | IdentityDocument | ContactPoint

PARTS = {
    PersonName: PersonPart.NAMES,
    IdentityDocument: PersonPart.DOCUMENTS,
    ContactPoint: PersonPart.CONTACTS,
}
FIELDS: Mapping[type, tuple[str, ...]] = {
    PersonName: ("kind", "text"),
    IdentityDocument: ("kind", "number", "country", "held_by", "valid_until"),
    ContactPoint: ("kind", "safety", "value", "whose", "when", "words", "avoid"),
}
CODES = {
    (PersonName, "kind"): "name_kinds",
    (IdentityDocument, "kind"): "identity_documents",
    (IdentityDocument, "held_by"): "document_holders",
    (ContactPoint, "kind"): "contact_kinds",
}
NEEDED = {PersonName: "text", ContactPoint: "value"}


def add_to_person(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    model: type[Row],
    values: Mapping[str, object],
) -> Row:
    """Add a name, a paper or a way to reach a person. values: of FIELDS, in clear.

    Raises DeniedError, InputError.
    """
    told = _checked(model, values, whole=True)
    with person_action(
        actor, purpose, person, f"{model._meta.model_name}_added", PARTS[model]
    ) as act:
        must_write(actor, purpose, PERSON.resource(person), model, told)
        row: Row = model(
            organisation_id=person.organisation_id, person=person, recorded_at=clock.now(), **told
        )
        if isinstance(row, PersonName):
            row.place = PersonName.objects.filter(person=person).count()
        act.create(row)
    return row


def change_row(
    *,
    actor: Actor,
    purpose: Purpose,
    row: Row,
    base_version: int,
    changes: Mapping[str, object],
    mine: GivenUp = (),
) -> Saved:
    """Put a name, a paper or a way to reach a person right. Raises as ``change_person`` does."""
    model = type(row)
    told = _checked(model, changes, whole=False)
    with person_action(
        actor, purpose, row.person, f"{model._meta.model_name}_changed", PARTS[model]
    ) as act:
        must_write(actor, purpose, PERSON.resource(row.person), model, told)
        saved = act.save(row, base_version=base_version, changes=told, mine=mine)
        act.note(version=saved.version, **dict.fromkeys(saved.changed, True))
    return saved


def end_row(*, actor: Actor, purpose: Purpose, row: Row) -> Saved:
    """A name, a paper or a way to reach a person counts no more; it stays in the history."""
    model = type(row)
    what = f"{model._meta.model_name}_ended"
    with person_action(actor, purpose, row.person, what, PARTS[model]) as act:
        return act.save(row, changes={"ended_at": row.ended_at or clock.now()})


def _checked(model: type[Row], values: Mapping[str, object], *, whole: bool) -> dict[str, object]:
    """The values without what is empty; raises InputError naming the field, KeyError for others."""
    if odd := set(values) - set(FIELDS[model]):
        raise KeyError(odd)
    needed = NEEDED.get(model, "")
    if needed and (whole or needed in values) and not str(values.get(needed) or "").strip():
        raise InputError.at(Message("apps.registry:needed"), field=needed)
    for name, value in values.items():
        listed = CODES.get((model, name))
        if listed and value and value not in codelist(listed):
            message = Message("apps.registry:code-unknown", {"code": str(value)})
            raise InputError.at(message, field=name)
    if model is PersonName:
        check_visible(str(values.get("text") or ""), field="text")
    if whole:
        return {name: value for name, value in values.items() if value not in (None, "")}
    return dict(values)
