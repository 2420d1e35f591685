"""The shape of an action: decide, write, and tell the log as the last statement.

    with action(
        actor=actor, code="cases.close", purpose=Purpose.ASSISTANCE, resource=resource
    ) as act:
        ...                      # checks and writes; an exception undoes them
        act.about(person.pk)     # of whom, if the resource does not say it

What is denied or fails is told in a transaction of its own, once everything else is undone.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from marfa.crypto import merkle
from marfa.platform import units
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.event import Detail, Event
from marfa.safeguards.audit.writer import append
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource, Value
from marfa.safeguards.words import Outcome, Purpose

log = logging.getLogger("marfa.audit")

together = units.unit
"""``with together():`` - several actions, all or none; their entries come at the end of it."""


class Act:
    """An action or a reading while it happens: what the log will say of it."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.allowed = False
        self.further: list[Event] = []
        self.seen: list[Event] = []

    def about(self, subject: UUID) -> None:
        """The person whom it is about."""
        self.event = replace(self.event, subject=subject)

    def made(self, kind: str, key: UUID) -> None:
        """The object of it, where that was not there yet when it was decided."""
        self.event = replace(self.event, object_kind=kind, object_id=key)

    def note(self, **detail: Detail) -> None:
        """Codes and numbers that belong to it."""
        self.event = replace(self.event, detail={**self.event.detail, **detail})

    def saw(self, subjects: Iterable[UUID]) -> None:
        """Persons whose identity was shown: an entry for each, so that each can be found.

        It is told also where the action then fails: what was seen stays seen.
        """
        self.seen += [
            replace(self.event, subject=subject, object_kind="Person", object_id=subject)
            for subject in subjects
        ]

    def rows(self, keys: Iterable[UUID]) -> None:
        """The rows of a bulk action: their number, and the Merkle root over their keys in order.

        A leaf is the 16 bytes of a key. The rows themselves are listed by what was done to them.
        """
        leaves = [key.bytes for key in keys]
        self.event = replace(self.event, rows=len(leaves), rows_root=merkle.root(leaves))

    def count(self, rows: int) -> None:
        """How many rows it touched, where their keys are of no use to anybody."""
        self.event = replace(self.event, rows=rows)

    def record(self, event: Event) -> None:
        """A further entry."""
        self.further.append(event)

    def ended(self, outcome: Outcome, error: Exception | None = None) -> Event:
        """Its own entry."""
        if isinstance(error, DeniedError) and outcome is Outcome.DENIED:
            return replace(self.event, outcome=outcome, policies=error.decision.policies)
        return _failed(self.event, error) if error else replace(self.event, outcome=outcome)


@dataclass
class _Journal:
    """The entries of one unit, until its end.

    events: what was done, if all of it is committed.
    certain: what is told however it ends: denials, failures, and reads, which cannot be undone.
    """

    events: list[Event] = field(default_factory=list)
    certain: list[Event] = field(default_factory=list)

    @classmethod
    def of(cls, unit: units.Unit) -> _Journal:
        """The journal of a unit; with it the unit ends by writing to the log."""
        if cls not in unit.held:
            made = unit.held[cls] = cls()
            unit.last(lambda: append([*made.events, *made.certain]))
            unit.if_undone(made.tell_undone)
        found: _Journal = unit.held[cls]
        return found

    def tell_undone(self, error: Exception) -> None:
        """After a rollback: what was done is told as failed, what is certain as it was."""
        _tell_apart([*(_failed(event, error) for event in self.events), *self.certain], error)


def _failed(event: Event, error: Exception) -> Event:
    """The entry of what was undone. Of an error the log holds the kind, not the text."""
    detail = {**event.detail, "error": type(error).__name__}
    return replace(event, outcome=Outcome.FAILED, detail=detail)


def _tell_apart(events: list[Event], error: Exception) -> None:
    """In a transaction of its own. What was refused stays refused where even that fails."""
    try:
        with units.unit() as unit:
            _Journal.of(unit).events += events
    except Exception as second:
        log.error("the log could not be told of a refusal: %s", type(second).__name__)
        error.add_note(f"and the log could not be told: {type(second).__name__}")


@contextlib.contextmanager
def action(
    *,
    actor: Actor,
    code: str,
    purpose: Purpose,
    resource: Resource,
    context: Mapping[str, Value] | None = None,
    subject: UUID | None = None,
) -> Iterator[Act]:
    """Decide, run the block in the outermost transaction or join it, and tell the log.

    code: name of the action, such as ``people.open_identity``.
    resource: what it is done to; its ``organisation`` and, of a Person, its key go into the log.
    context: what else the policies ask for.
    Raises DeniedError, with nothing written but the entry of it; RuntimeError inside a transaction
    that is no unit.
    """
    act = Act(_event(actor, code, purpose, resource, subject))
    with units.unit() as unit:
        journal = _Journal.of(unit)
        mark = len(journal.events)
        try:
            _decide(act, resource, context)
            yield act
        except Exception as error:
            # The savepoint or the transaction undoes what nested actions did as well.
            _undo(journal, mark, error)
            journal.certain += [act.ended(_outcome(act, error), error), *act.seen]
            raise
        journal.events += [act.ended(Outcome.DONE), *act.further]
        journal.certain += act.seen


@contextlib.contextmanager
def reading(
    *,
    actor: Actor,
    code: str,
    purpose: Purpose,
    resource: Resource,
    context: Mapping[str, Value] | None = None,
    subject: UUID | None = None,
) -> Iterator[Act]:
    """Decide, run the block, and tell the log of what was read before it is shown.

    Where the log cannot be written, the error goes on and nothing is shown. The block opens no
    transaction; inside a unit the entries are written at its end, also when it is undone.
    Raises DeniedError, which is in the log then.
    """
    act = Act(_event(actor, code, purpose, resource, subject))
    try:
        _decide(act, resource, context)
        yield act
    except Exception as error:
        _tell([act.ended(_outcome(act, error), error), *act.further, *act.seen], error)
        raise
    _tell([act.ended(Outcome.DONE), *act.further, *act.seen])


def tell(*events: Event) -> None:
    """Entries about what no policy decides, such as somebody coming in: at the end of the unit
    that is open, however it ends, or at once."""
    _tell(list(events))


def _tell(events: list[Event], error: Exception | None = None) -> None:
    unit = units.current()
    if unit is not None:
        _Journal.of(unit).certain += events
    elif error is not None:
        _tell_apart(events, error)
    else:
        with units.unit() as own:
            _Journal.of(own).events += events


def _undo(journal: _Journal, mark: int, error: Exception) -> None:
    journal.certain += [_failed(event, error) for event in journal.events[mark:]]
    del journal.events[mark:]


def _decide(act: Act, resource: Resource, context: Mapping[str, Value] | None) -> None:
    event = act.event
    # What the log will say is what is decided upon: no caller puts another purpose in its place.
    asked = {**(context or {}), "on_record": True, "purpose": event.purpose.value}
    decision = decide(event.actor, event.action, resource, asked)
    if not decision.allowed:
        raise DeniedError(decision)
    act.allowed = True
    act.event = replace(event, policies=decision.policies)


def _outcome(act: Act, error: Exception) -> Outcome:
    """A denial of a nested action makes the outer one fail; each has an entry of its own."""
    denied = isinstance(error, DeniedError) and not act.allowed
    return Outcome.DENIED if denied else Outcome.FAILED


def _event(
    actor: Actor, code: str, purpose: Purpose, resource: Resource, subject: UUID | None
) -> Event:
    key = resource.id if isinstance(resource.id, UUID) else None
    organisation = resource.facts.get("organisation")
    return Event(
        action=code,
        actor=actor,
        purpose=purpose,
        subject=subject or (key if resource.kind == "Person" else None),
        object_kind=resource.kind,
        object_id=key,
        organisation=organisation if isinstance(organisation, UUID) else None,
    )
