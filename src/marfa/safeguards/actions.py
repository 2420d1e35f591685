"""The shape of an action: decide, write, and tell the log as the last statement.

    with action(
        actor=actor, code="cases.close", purpose=Purpose.ASSISTANCE, resource=resource
    ) as act:
        ...                      # checks and writes; an exception undoes them
        act.create(row)          # who, what for and by which action stand in its history as in
        act.save(row, changes={...})  # the log, since nobody says them a second time
        act.about(person.pk)     # of whom, if the resource does not say it

What is denied or fails is told in a transaction of its own, once everything else is undone.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypedDict, overload, runtime_checkable
from uuid import UUID

from django.db import models

from marfa.crypto import merkle
from marfa.platform import units
from marfa.platform.revisions.actions import Saved, create_row, save_changes
from marfa.platform.revisions.errors import GivenUp
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Detail, Event
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource, Value
from marfa.safeguards.words import Outcome, Purpose

log = logging.getLogger("marfa.audit")

together = units.unit_of_work
"""``with together():`` - several actions, all or none; their entries come at the end of it."""


Derive = Callable[[Mapping[str, object]], Mapping[str, object]]
Check = Callable[[Mapping[str, object]], None]


class Why(TypedDict):
    """Who, what for and by which action, as the history of a row keeps it."""

    actor: UUID | None
    purpose: str
    action: str


@runtime_checkable
class SavedInClear(Protocol):
    """A row that stores changes of its own accord, as one with sealed fields does: the vault stands
    above this module."""

    def save_in_clear(self, **asked: Any) -> Saved: ...


class Act:
    """An action or a reading while it happens: what the log will say of it, and the rows that it
    writes.

    Made from an event alone, it is what follows by itself and no policy decides: from time, from a
    rule, or from a link in somebody's hand. Then the log is told elsewhere.
    """

    def __init__(self, event: Event) -> None:
        self.event = event
        self.allowed = False
        self.over = False
        self.further: list[Event] = []
        self.seen: list[Event] = []

    @property
    def by(self) -> UUID:
        """Key of whoever does it, for columns that name somebody always."""
        return self.event.actor.id

    @property
    def user(self) -> UUID | None:
        """Key of the person who does it; None for the system, a command and a visitor."""
        actor = self.event.actor
        return actor.id if actor.kind is ActorKind.PERSON else None

    @overload
    def create(self, row: Versioned) -> Saved: ...
    @overload
    def create(self, row: models.Model) -> Saved | None: ...
    def create(self, row: models.Model) -> Saved | None:
        """Insert a new row; where it has a history, with what the log says of this action."""
        self._must_go_on()
        if isinstance(row, Versioned):
            return create_row(row, **self._why())
        row.save(force_insert=True)
        return None

    def save(
        self,
        row: Versioned,
        *,
        changes: Mapping[str, object],
        base_version: int | None = None,
        mine: GivenUp = (),
        derived: Derive | None = None,
        check: Check | None = None,
        sealed: bool = False,
    ) -> Saved:
        """Change fields of a row as ``revisions.save_changes`` does, or where the row has sealed
        fields, as ``vault.changes.save_sealed`` does.

        base_version: what whoever changes it saw; by default the version of the row.
        derived: of rows with sealed fields, check: of others; both as there.
        sealed: sealed fields are given as they are stored; nothing is compared in clear.
        """
        self._must_go_on()
        asked: dict[str, Any] = {
            "base_version": row.version if base_version is None else base_version,
            "changes": changes,
            "mine": mine,
            **self._why(),
        }
        more = {"derived": derived, "check": check}
        asked |= {name: value for name, value in more.items() if value is not None}
        if isinstance(row, SavedInClear) and not sealed:
            return row.save_in_clear(**asked)
        return save_changes(row, **asked)

    def delete(self, rows: models.Model | models.QuerySet[Any]) -> int:
        """Delete a row or all of a queryset; how many went, with what hangs on them."""
        self._must_go_on()
        return rows.delete()[0]

    def _why(self) -> Why:
        event = self.event
        return Why(actor=self.user, purpose=event.purpose.value, action=event.action)

    def _must_go_on(self) -> None:
        """What is written after its end would stand in no entry of the log."""
        if self.over:
            raise RuntimeError(f"{self.event.action} writes no row: it is over, or it only reads")

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
        self.event = replace(self.event, rows=len(leaves), rows_root=merkle.merkle_root(leaves))

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
    acts: the actions that go on in it, the innermost last.
    """

    events: list[Event] = field(default_factory=list)
    certain: list[Event] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    @contextlib.contextmanager
    def going_on(self, act: Act) -> Iterator[None]:
        self.acts.append(act)
        try:
            yield
        finally:
            self.acts.remove(act)
            act.over = True

    @classmethod
    def of(cls, unit: units.Unit) -> _Journal:
        """The journal of a unit; with it the unit ends by writing to the log."""
        if cls not in unit.held:
            made = unit.held[cls] = cls()
            unit.last(lambda: append_events([*made.events, *made.certain]))
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
        with units.unit_of_work() as unit:
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
    with _acting(act, lambda: _decide(act, [resource], context)):
        yield act


@contextlib.contextmanager
def bulk_action(
    *,
    actor: Actor,
    code: str,
    purpose: Purpose,
    resources: Sequence[Resource],
    context: Mapping[str, Value] | None = None,
) -> Iterator[Act]:
    """The same action on many rows, as one: decided on each, done to all or to none, told in one
    entry with their number and the root of their keys (``Act.rows``).

    resources: of one kind, in the order of the root; their ids are keys.
    Raises DeniedError where the charter refuses one of them; ValueError for none, or one twice.
    """
    act = _act_on_many(actor, code, purpose, resources)
    with _acting(act, lambda: _decide(act, resources, context)):
        yield act


def _act_on_many(actor: Actor, code: str, purpose: Purpose, resources: Sequence[Resource]) -> Act:
    keys = [each.id for each in resources if isinstance(each.id, UUID)]
    if not keys or len({*keys}) != len(resources) or len({each.kind for each in resources}) != 1:
        raise ValueError("a bulk action is on rows of one kind, each named once")
    owners = {each.facts.get("organisation") for each in resources}
    act = Act(_event(actor, code, purpose, Resource(resources[0].kind, "rows"), None))
    if len(owners) == 1 and isinstance(owner := owners.pop(), UUID):
        act.event = replace(act.event, organisation=owner)
    act.rows(keys)
    return act


@contextlib.contextmanager
def _acting(act: Act, decide_first: Callable[[], None]) -> Iterator[None]:
    with units.unit_of_work() as unit:
        journal = _Journal.of(unit)
        mark = len(journal.events)
        try:
            decide_first()
            with journal.going_on(act):
                yield
        except Exception as error:
            # The savepoint or the transaction undoes what nested actions did as well.
            _undo(journal, mark, error)
            journal.certain += [act.ended(_outcome(act, error), error), *act.seen]
            raise
        journal.events += [act.ended(Outcome.DONE), *act.further]
        journal.certain += act.seen


def current_act() -> Act | None:
    """The innermost action that goes on, if any: for what follows from it in the same transaction
    and hears of it by an event alone."""
    unit = units.current_unit()
    acts = _Journal.of(unit).acts if unit is not None else []
    return acts[-1] if acts else None


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
    with _reading(act, [resource], context):
        yield act


@contextlib.contextmanager
def bulk_reading(
    *,
    actor: Actor,
    code: str,
    purpose: Purpose,
    resources: Sequence[Resource],
    context: Mapping[str, Value] | None = None,
) -> Iterator[Act]:
    """The same reading of many things, as one: decided on each, and told in one entry, like
    ``bulk_action``; like ``reading`` it writes nothing and opens no transaction."""
    act = _act_on_many(actor, code, purpose, resources)
    with _reading(act, resources, context):
        yield act


@contextlib.contextmanager
def _reading(
    act: Act, resources: Sequence[Resource], context: Mapping[str, Value] | None
) -> Iterator[None]:
    act.over = True  # a reading writes no row
    try:
        _decide(act, resources, context)
        yield
    except Exception as error:
        _tell([act.ended(_outcome(act, error), error), *act.further, *act.seen], error)
        raise
    _tell([act.ended(Outcome.DONE), *act.further, *act.seen])


def log_events(*events: Event) -> None:
    """Entries about what no policy decides, such as somebody coming in: at the end of the unit
    that is open, however it ends, or at once."""
    _tell(list(events))


def _tell(events: list[Event], error: Exception | None = None) -> None:
    unit = units.current_unit()
    if unit is not None:
        _Journal.of(unit).certain += events
    elif error is not None:
        _tell_apart(events, error)
    else:
        with units.unit_of_work() as own:
            _Journal.of(own).events += events


def _undo(journal: _Journal, mark: int, error: Exception) -> None:
    journal.certain += [_failed(event, error) for event in journal.events[mark:]]
    del journal.events[mark:]


def _decide(act: Act, resources: Iterable[Resource], context: Mapping[str, Value] | None) -> None:
    """Decide on each; of those that have the same facts once, since no policy names one thing."""
    event = act.event
    # What the log will say is what is decided upon: no caller puts another purpose in its place.
    asked = {**(context or {}), "on_record": True, "purpose": event.purpose.value}
    policies: dict[str, None] = {}
    for resource in {
        (each.kind, frozenset(each.facts.items())): each for each in resources
    }.values():
        decision = decide(event.actor, event.action, resource, asked)
        if not decision.allowed:
            raise DeniedError(decision)
        policies |= dict.fromkeys(decision.policies)
    act.allowed = True
    act.event = replace(event, policies=tuple(policies))


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
