"""Reasons: raised and taken away; the queue follows in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from marfa.apps.reception import rule_inputs
from marfa.apps.reception.events import RaisedWithoutReason, ReasonToScreenRaised
from marfa.apps.reception.models import (
    ConversationAnswer,
    PrivateConversation,
    QueueEntry,
    ScreeningReason,
)
from marfa.apps.reception.queries import urgency_without_reason
from marfa.apps.reception.queue_order import due_at, new_ticket
from marfa.apps.reception.reasons import (
    EFFECT,
    RULES,
    Known,
    Reason,
    derive_reasons,
    rule_characteristics,
)
from marfa.apps.registry.models import Person
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.events import publish_event
from marfa.platform.revisions.drafts import discard_all
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, current_act
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

SEEN_ALONE = deadline_kind("reception.seen_alone", Step("due"), Step("late", timedelta(hours=1)))
FORM = "reception.answer"
"""Of the drafts of a private talk."""
FIRST = frozenset(rule.reason for rule in RULES if rule.first)
RULE = Actor(UUID(int=1), ActorKind.JOB)
"""A rule that looks at somebody acts for the installation, not for whoever is at the desk."""


def by_rule() -> Act:
    """What a rule finds. The log is told of the action that gave rise to it."""
    return Act(Event(action="people.raise_reason", actor=RULE, purpose=Purpose.SCREENING))


def join_queue(person: Person) -> QueueEntry:
    """A place in the queue for who has none; the one that they have stays as it is."""
    found = QueueEntry.objects.filter(person=person, ended_at=None).first()
    if found is not None or person.site_id is None:
        return found or QueueEntry()
    now = clock.now()
    taken = QueueEntry.objects.filter(site=person.site_id, ended_at=None)
    made = QueueEntry.objects.create(
        organisation_id=person.organisation_id,
        person=person,
        site_id=person.site_id,
        ticket=new_ticket(lambda one: taken.filter(ticket=one).exists()),
        since=now,
        due_at=due_at(now, Urgency.ROUTINE, raised=now),
    )
    _set_deadline(made)
    return made


def leave_queue(person: Person) -> None:
    """Somebody is not at the site any more: nobody waits for them, and no talk goes on."""
    break_off_talk(person)
    for entry in QueueEntry.objects.filter(person=person, ended_at=None):
        withdraw_deadline(kind=SEEN_ALONE, subject=entry.pk)
        QueueEntry.objects.filter(pk=entry.pk).update(
            state=QueueEntry.State.GONE, ended_at=clock.now(), called_at=None
        )


def wait_where_they_are(person: Person) -> None:
    """Who waits for somebody who moved is at the site where they are now. Since when they wait and
    by when they are to be seen stays."""
    rows = QueueEntry.objects.filter(person=person, ended_at=None)
    for entry in rows.exclude(site=person.site_id):
        there = QueueEntry.objects.filter(site=person.site_id, ended_at=None)
        QueueEntry.objects.filter(pk=entry.pk).update(
            site=person.site_id,
            ticket=new_ticket(lambda one: there.filter(ticket=one).exists()),  # noqa: B023
            state=QueueEntry.State.WAITING,
            called_at=None,
            called_by=None,
            again_on=None,
        )


def break_off_talk(person: Person) -> None:
    """End the talk that goes on with somebody, if any: nothing more is kept, and what was answered
    counts."""
    rows = PrivateConversation.objects.select_for_update(no_key=True)
    talk = rows.filter(person=person, state=PrivateConversation.State.OPEN).first()
    if talk is None:
        return
    discard_all(form=FORM, subjects=talk.answers.values_list("pk", flat=True))
    with open_vault():
        act = current_act() or by_rule()
        act.save(
            talk, changes={"state": PrivateConversation.State.STOPPED, "ended_at": clock.now()}
        )
    raise_new_reasons(person, talk.answers.all())


def end_entry(entry: QueueEntry, state: QueueEntry.State) -> None:
    """Somebody was seen, or said no."""
    meet_deadline(kind=SEEN_ALONE, subject=entry.pk)
    QueueEntry.objects.filter(pk=entry.pk).update(state=state, ended_at=clock.now())


def may_wait_again(entry: QueueEntry) -> bool:
    """Whether who said no can have their place again: they are still there, and have no other."""
    here = Person.objects.filter(
        pk=entry.person_id, site=entry.site_id, presence=Person.Presence.PRESENT
    )
    waits = QueueEntry.objects.filter(person=entry.person_id, ended_at=None)
    return here.exists() and not waits.exists()


def wait_again(entry: QueueEntry) -> bool:
    """Who said no thought better of it, or it was written down by mistake: the place is as it was,
    and since when they wait and by when they are to be seen with it. False where a colleague was
    faster."""
    taken = QueueEntry.objects.filter(site=entry.site_id, ended_at=None, ticket=entry.ticket)
    if not may_wait_again(entry) or taken.exists():
        return False
    ended = QueueEntry.objects.filter(pk=entry.pk, state=QueueEntry.State.DECLINED)
    if not ended.update(state=QueueEntry.State.WAITING, ended_at=None, called_at=None):
        return False
    _set_deadline(entry)
    raise_queue_urgency(entry.person)
    return True


def raise_new_reasons(
    person: Person, answers: Iterable[ConversationAnswer] = ()
) -> list[ScreeningReason]:
    """Raise what the rules find in what is known now. Nothing is ever taken away by it."""
    may_evaluate(person.organisation_id)
    with open_vault():
        facts = rule_inputs.facts_from_registration(person) | rule_inputs.facts_from_answers(
            answers
        )
        there = {
            (row.code, tuple(sorted(map(tuple, row.facts or ()))))
            for row in ScreeningReason.objects.filter(person=person)
        }
        fresh = [each for each in derive_reasons(facts) if _is_fresh(each, there)]
        made = [_store(person, each) for each in fresh]
    if made:
        raise_queue_urgency(person)
    return made


def _is_fresh(reason: Reason, there: set[tuple[str, tuple[tuple[str, str], ...]]]) -> bool:
    """Whether these facts did not give this reason before: one that two people took away does
    not come back for the same facts."""
    return (reason.code, _pairs(reason.behind)) not in there


def _pairs(behind: Iterable[Known]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(each.fact), str(each.basis)) for each in behind))


def _store(person: Person, reason: Reason) -> ScreeningReason:
    row = ScreeningReason(
        organisation_id=person.organisation_id,
        person=person,
        urgency=int(reason.urgency),
        raised_at=clock.now(),
    )
    row.code = reason.code
    row.facts = [list(pair) for pair in _pairs(reason.behind)]
    return store_reason(by_rule(), row)


def store_reason(act: Act, row: ScreeningReason) -> ScreeningReason:
    """Keep a reason and tell whoever stands above; within ``open_vault()``."""
    act.create(row)
    publish_event(ReasonToScreenRaised(row.person_id, row.pk))
    return row


def raise_queue_urgency(person: Person) -> None:
    """Bring the place in the queue to the reasons that stand: it may only come sooner."""
    # Of two reasons at once the second waits here, and sees the first.
    rows = QueueEntry.objects.select_for_update(no_key=True)
    entry = rows.filter(person=person, ended_at=None).first()
    if entry is None:
        return
    standing = ScreeningReason.objects.filter(person=person, removed_at=None)
    level = Urgency(standing.aggregate(most=Max("urgency"))["most"] or 0)
    level = max(level, urgency_without_reason(person.pk))
    with open_vault():
        first = any(row.code in FIRST for row in standing)
    since = counts_from(person)
    due = due_at(entry.since, level, raised=since, before=entry.due_at)
    QueueEntry.objects.filter(pk=entry.pk).update(first=first, urgency=int(level), due_at=due)
    if due != entry.due_at:
        entry.due_at = due
        _set_deadline(entry, since)


def counts_from(person: Person) -> datetime:
    """From when what is found out now counts: while a talk goes on, from its begin. No time that is
    kept or shown leads to one of its answers."""
    talks = PrivateConversation.objects.filter(person=person, state=PrivateConversation.State.OPEN)
    return talks.values_list("began_at", flat=True).first() or clock.now()


def raise_without_reason(person: Person, level: Urgency) -> None:
    """From now on somebody is at least so urgent, and nothing says why. It only ever rises; whoever
    stands above is told, also once the person was handed over."""
    places = QueueEntry.objects.select_for_update(no_key=True).filter(person=person)
    entry = places.order_by("-since", "-pk").first()
    if entry is None or entry.sooner >= level:
        return
    since, by = counts_from(person), (current_act() or by_rule()).by
    QueueEntry.objects.filter(pk=entry.pk).update(sooner=int(level), sooner_at=since)
    raise_queue_urgency(person)
    publish_event(RaisedWithoutReason(person.pk, level.code, since, by))


def _set_deadline(entry: QueueEntry, since: datetime | None = None) -> None:
    due, owner = entry.due_at, owner_of(entry)
    set_deadline(kind=SEEN_ALONE, subject=entry.pk, due_at=due, owner=owner, since=since)


def may_evaluate(organisation: UUID) -> None:
    """Ask the charter with what the rules read; raises DeniedError."""
    facts: dict[str, Value] = {
        "organisation": organisation,
        "inputs": frozenset(map(str, rule_characteristics())),
        "effect": EFFECT,
    }
    decision = decide(RULE, "scores.compute", Resource("Score", "reasons", facts), {})
    if not decision.allowed:
        raise DeniedError(decision)
