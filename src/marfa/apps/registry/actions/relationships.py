"""Relationships: claimed, then verified or refuted with their basis."""

from __future__ import annotations

from marfa.apps.registry.actions.base import must_write, person_action
from marfa.apps.registry.actions.facts import restate_person_facts
from marfa.apps.registry.care import inverse_relationship
from marfa.apps.registry.events import PersonPart
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.relationship_claims import SETTLED, claimed_by, others_who_settle
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

State = Relationship.State


def claim_relationship(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    to: Person,
    kind: str,
    accompanies: bool = False,
) -> Relationship:
    """Write down that ``person`` says, or is said, to be the ``kind`` of ``to``.

    Both people are changed by it, so that both are asked about. Raises DeniedError; InputError
    where it is written down already, from either side.
    """
    if kind not in codelist("relationship_kinds"):
        raise InputError.at(Message("apps.registry:code-unknown", {"code": kind}), field="kind")
    if person.pk == to.pk:
        raise InputError.at(Message("apps.registry:related-to-self"), field="to")
    with (
        person_action(
            actor, purpose, person, "relationship_claimed", PersonPart.RELATIONSHIPS
        ) as act,
        person_action(actor, purpose, to, "relationship_claimed", PersonPart.RELATIONSHIPS),
    ):
        must_write(actor, purpose, PERSON.resource(person), Relationship, ["kind"])
        _refuse_twice(person, to, kind)
        row = Relationship(
            organisation_id=person.organisation_id,
            person=person,
            to=to,
            kind=kind,
            accompanies=accompanies,
            recorded_at=clock.now(),
        )
        saved = act.create(row)
        restate_person_facts((person.pk, to.pk), at=saved.at)
    return row


def settle_relationship(
    *, actor: Actor, purpose: Purpose, row: Relationship, state: State, basis: str
) -> Saved:
    """Write down that a claim was verified or found not to be so, and how.

    Not by whoever wrote the claim down, as long as somebody else is there who may: then two
    people have seen it. Who is alone may, and the log says so. Raises DeniedError, InputError.
    """
    if state not in (State.VERIFIED, State.REFUTED):
        raise InputError.at(Message("apps.registry:state-unknown"), field="state")
    if not basis.strip():
        raise InputError.at(Message("apps.registry:needed"), field="basis")
    with (
        person_action(
            actor, purpose, row.person, f"relationship_{state}", PersonPart.RELATIONSHIPS
        ) as act,
        person_action(actor, purpose, row.to, f"relationship_{state}", PersonPart.RELATIONSHIPS),
    ):
        must_write(actor, purpose, PERSON.resource(row.person), Relationship, SETTLED)
        by_the_same = claimed_by(row) == actor.id
        act.note(by_the_same=by_the_same)
        if by_the_same and others_who_settle(row, actor.id):
            raise InputError.at(Message("apps.registry:settle-another"), field="state")
        saved = act.save(
            row,
            changes={
                "state": state.value,
                "basis": basis.strip(),
                "settled_at": clock.now(),
                "settled_by": actor.id,
            },
        )
        restate_person_facts((row.person_id, row.to_id), at=saved.at)
    return saved


def end_relationship(*, actor: Actor, purpose: Purpose, row: Relationship) -> Saved:
    """A relationship holds no more, such as a guardianship; it stays in the history."""
    with (
        person_action(
            actor, purpose, row.person, "relationship_ended", PersonPart.RELATIONSHIPS
        ) as act,
        person_action(actor, purpose, row.to, "relationship_ended", PersonPart.RELATIONSHIPS),
    ):
        saved = act.save(row, changes={"ended_at": row.ended_at or clock.now()})
        restate_person_facts((row.person_id, row.to_id), at=saved.at)
    return saved


def _refuse_twice(person: Person, to: Person, kind: str) -> None:
    known = Relationship.objects.filter(ended_at=None)
    same = known.filter(person=person, to=to, kind=kind)
    turned = known.filter(person=to, to=person, kind=inverse_relationship(kind))
    if same.exists() or turned.exists():
        raise InputError.at(Message("apps.registry:related-already"), field="kind")
