"""After the talk: what it found is raised by one, lowered by two, and handed over in one step."""

from __future__ import annotations

from datetime import datetime

from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import assign_user
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.screening.actions.hand_over_urgency import (
    WAITING,
    WITHIN,
    hasten_hand_over,
    urgency_of,
)
from marfa.apps.screening.actions.interview import lock_screening, save_screening, screening_action
from marfa.apps.screening.doors import door_of, through_protection
from marfa.apps.screening.events import HandedOver, OutcomeKnown, TakenUp
from marfa.apps.screening.facts import age_of, state_outcome
from marfa.apps.screening.models import URGENCIES, HandOver, OutcomeChange, Screening
from marfa.apps.screening.policy_facts import outcome_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.events import publish_event
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

INDICATIONS = ("none_seen", "reasons_only", "at_risk", "presumed_victim")
"""From the least to the most; a checklist with reasons stands below an outcome."""

Direction, Change = OutcomeChange.Direction, OutcomeChange.State


def raise_outcome(
    *, actor: Actor, screening: Screening, indication: str, urgency: str, sentence: str
) -> OutcomeChange:
    """One sentence is enough to raise. Raises InputError where nothing is raised, or is lowered."""
    with screening_action(actor, screening, "raise") as act:
        before = _now(screening)
        after = _in_time(indication, urgency)
        _finished(screening)
        if not _higher(before, after):
            raise InputError.at(Message("apps.screening:not-raised"), field="indication")
        change = _change(act, screening, Direction.RAISE, Change.DONE, sentence, before, after)
        _apply(act, screening, actor, after, change.asked_at)
        through_protection(screening.person_id)
    return change


def ask_to_lower(
    *, actor: Actor, screening: Screening, indication: str, urgency: str, sentence: str
) -> OutcomeChange:
    """Ask a second person to agree that it is lowered. Until then everything stands as it was."""
    with screening_action(actor, screening, "ask_to_lower") as act:
        before = _now(screening)
        after = _in_time(indication, urgency)
        _finished(screening)
        if not _higher(after, before):
            raise InputError.at(Message("apps.screening:not-lowered"), field="indication")
        waiting = screening.changes.filter(state=Change.WAITING)
        if waiting.exists():
            raise InputError.at(Message("apps.screening:waits-already"))
        return _change(act, screening, Direction.LOWER, Change.WAITING, sentence, before, after)


def answer_lowering(*, actor: Actor, change: OutcomeChange, agree: bool) -> None:
    """The second person agrees or not. What was raised in between is not lowered."""
    screening = Screening.objects.select_related("person").get(pk=change.screening_id)
    resource = outcome_of(screening.person, screening.pk, asked_by=change.asked_by)
    with action(
        actor=actor,
        code="screening.lower",
        purpose=Purpose.SCREENING,
        resource=resource,
        subject=screening.person_id,
    ) as act:
        act.note(agreed=agree)
        lock_screening(screening)
        now = clock.now()
        answered = OutcomeChange.objects.filter(pk=change.pk, state=Change.WAITING).update(
            state=Change.DONE if agree else Change.REFUSED,
            answered_by=actor.id,
            answered_at=now,
        )
        if not answered:
            raise InputError.at(Message("apps.screening:answered-already"))
        change.refresh_from_db()
        with open_vault():
            before, after = tuple(change.before), tuple(change.after)
        if agree and _now(screening) != before:
            raise InputError.at(Message("apps.screening:changed-since"))
        if agree:
            _apply(act, screening, actor, after, now)


def hand_over(
    *, actor: Actor, screening: Screening, ground: HandOver.Ground, note: str = ""
) -> HandOver:
    """Give a person into the care of protection. It waits, with a deadline, until it is taken up.

    Raises InputError for a second one, and where the person did not agree and is neither a child
    nor in danger: then help stays open, and nobody is told.
    """
    with screening_action(actor, screening, "hand_over") as act:
        if ground == HandOver.Ground.CHILD and not age_of(screening.person).may_be_child:
            raise InputError.at(Message("apps.screening:not-a-child"), field="ground")
        if ground == HandOver.Ground.LIFE_IN_DANGER and not note.strip():
            raise InputError.at(Message("apps.screening:danger-in-words"), field="note")
        if HandOver.objects.filter(screening=screening).exists():
            raise InputError.at(Message("apps.screening:handed-over-already"))
        now = clock.now()
        urgency = urgency_of(screening, ground)
        row = HandOver(
            organisation_id=screening.organisation_id,
            person=screening.person,
            screening=screening,
            site=screening.site,
            state=HandOver.State.WAITING,
            ground=ground,
            door=door_of(screening, ground, urgency),
            urgency=urgency,
            due_at=now + WITHIN[urgency],
            made_by=actor.id,
            made_at=now,
        )
        row.note = note.strip() or None
        act.create(row)
        set_deadline(kind=WAITING, subject=row.pk, due_at=row.due_at, owner=owner_of(row))
        publish_event(HandedOver(row.pk))
    return row


def decline_help(*, actor: Actor, screening: Screening, reach: str = "") -> None:
    """The person said no to protection: nobody is told, help stays open, they may come back.

    reach: how they may be reached safely. Raises InputError for somebody who is or may be a child,
    whom the desk hands over, and after a hand-over.
    """
    with screening_action(actor, screening, "help_declined") as act:
        _finished(screening)
        if age_of(screening.person).may_be_child:
            raise InputError.at(Message("apps.screening:child-is-handed-over"))
        if HandOver.objects.filter(screening=screening).exists():
            raise InputError.at(Message("apps.screening:handed-over-already"))
        changes = {"help_declined_at": clock.now(), "reach": reach.strip() or None}
        save_screening(act, screening, screening.version, changes)


def take_up(*, actor: Actor, hand_over: HandOver) -> None:
    """Take a person up: from now on this person of protection is assigned to them."""
    person = Person.objects.get(pk=hand_over.person_id)
    resource = PERSON.resource(person)
    with action(actor=actor, code="people.take_up", purpose=Purpose.ASSISTANCE, resource=resource):
        taken = HandOver.objects.filter(pk=hand_over.pk, state=HandOver.State.WAITING).update(
            state=HandOver.State.TAKEN, taken_by=actor.id, taken_at=clock.now()
        )
        if not taken:
            raise InputError.at(Message("apps.screening:taken-already"))
        user = User.objects.get(pk=actor.id)
        assign_user(user=user, object_kind="Person", object_id=person.pk, decided_by=user)
        meet_deadline(kind=WAITING, subject=hand_over.pk)
        publish_event(TakenUp(hand_over.pk, person.pk, actor.id))


def _now(screening: Screening) -> tuple[str, str]:
    with open_vault():
        return screening.indication or "none_seen", screening.urgency


def _in_time(indication: str, urgency: str) -> tuple[str, str]:
    """An outcome that can wait for ever is none: any indication is due within days at most."""
    later = urgency == "routine" and indication != INDICATIONS[0]
    return indication, "days" if later else urgency


def _finished(screening: Screening) -> None:
    if screening.state != Screening.State.FINISHED:
        raise InputError.at(Message("apps.screening:not-finished"))


def _higher(low: tuple[str, str], high: tuple[str, str]) -> bool:
    """Whether the second is higher on one axis and lower on none; codes are known ones."""
    try:
        first = INDICATIONS.index(low[0]), URGENCIES.index(low[1])
        second = INDICATIONS.index(high[0]), URGENCIES.index(high[1])
    except ValueError:
        raise InputError.at(Message("apps.screening:outcome-unknown"), field="indication") from None
    return first != second and first[0] <= second[0] and first[1] <= second[1]


def _change(
    act: Act,
    screening: Screening,
    direction: OutcomeChange.Direction,
    state: OutcomeChange.State,
    sentence: str,
    before: tuple[str, str],
    after: tuple[str, str],
) -> OutcomeChange:
    if not sentence.strip():
        raise InputError.at(Message("apps.screening:one-sentence"), field="sentence")
    row = OutcomeChange(
        organisation_id=screening.organisation_id,
        person_id=screening.person_id,
        screening=screening,
        direction=direction,
        state=state,
        asked_by=act.by,
        asked_at=clock.now(),
    )
    row.sentence = sentence.strip()
    row.before, row.after = list(before), list(after)
    act.create(row)
    return row


def _apply(
    act: Act, screening: Screening, actor: Actor, after: tuple[str, str], at: datetime
) -> None:
    before = screening.urgency
    changes = {"indication": after[0], "urgency": after[1]}
    save_screening(act, screening, screening.version, changes)
    hasten_hand_over(screening, actor.id, before)
    state_outcome(screening, after[0], at)
    publish_event(OutcomeKnown(screening.person_id))
