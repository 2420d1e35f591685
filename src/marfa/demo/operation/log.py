"""What the log is told of the families that were written in bulk: the entries of the actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, newcomer_resource
from marfa.demo.operation.crowd import Family, Newcomer, after_talk
from marfa.demo.operation.staff import Staff
from marfa.demo.operation.timeline import Timeline
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.event import Event
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.words import Purpose

REGISTER, CHANGE = "people.register", "people.change"


def tell_log(line: Timeline, families: Iterable[Family], staff: Staff) -> None:
    """Plan an entry for each thing that was written about each of them, at its moment."""
    found = list(families)
    if not found:
        return
    telling = _Telling(found[0], staff)
    for family in found:
        line.tell(family.at, [telling.registered(family, one) for one in family.members])
        for one in family.members:
            if one.seen is not None:
                line.tell(one.seen, [telling.queue(family, one, "being_seen")])
                ended = after_talk(one) or one.seen
                line.tell(ended, [telling.queue(family, one, "done")])
        related = [one for one in family.members if one.relation]
        if family.verified is not None:
            settled = [telling.settled(family, one) for one in related]
            line.tell(family.verified, settled)
        if family.left is not None:
            gone = [telling.left(family, one) for one in family.members]
            line.tell(family.left, gone)


class _Telling:
    """Entries as the actions make them, with the policies that the charter decides by."""

    def __init__(self, sample: Family, staff: Staff) -> None:
        people = (*staff.gate.officers, *staff.harbour.officers, staff.boss)
        self.actors: dict[UUID, Actor] = {actor.id: actor for actor in people}
        person = Person.objects.select_related("site").get(pk=sample.members[0].key)
        resource = PERSON.resource(person)
        owner = sample.site.organisation_id
        new = newcomer_resource(person.pk, organisation=owner, site=sample.site.pk)
        actor = self.actors[sample.by]
        asked: dict[str, Value] = {"on_record": True, "purpose": Purpose.REGISTRATION.value}
        self.policies = {
            REGISTER: decide(actor, REGISTER, new, asked).policies,
            CHANGE: decide(actor, CHANGE, resource, asked).policies,
        }

    def registered(self, family: Family, one: Newcomer) -> Event:
        mode = "group" if len(family.members) > 1 else "individual"
        detail = {"event": "arrival", "mode": mode}
        event = self._event(family, one, REGISTER, Purpose.REGISTRATION)
        return replace(event, detail=detail)

    def queue(self, family: Family, one: Newcomer, state: str) -> Event:
        event = self._event(family, one, CHANGE, Purpose.SCREENING)
        return replace(event, detail={"what": f"queue_{state}"})

    def settled(self, family: Family, one: Newcomer) -> Event:
        by = family.verified_by or family.by
        event = self._event(family, one, CHANGE, Purpose.ASSISTANCE, by)
        return replace(event, detail={"what": "relationship_settled"})

    def left(self, family: Family, one: Newcomer) -> Event:
        event = self._event(family, one, CHANGE, Purpose.REGISTRATION)
        return replace(event, detail={"what": "event_departure"})

    def _event(
        self, family: Family, one: Newcomer, code: str, purpose: Purpose, by: UUID | None = None
    ) -> Event:
        return Event(
            action=code,
            actor=self.actors[by or family.by],
            purpose=purpose,
            subject=one.key,
            object_kind="Person",
            object_id=one.key,
            organisation=family.site.organisation_id,
            policies=self.policies[code],
        )
