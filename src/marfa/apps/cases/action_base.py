"""What actions on cases share: decision, log entry, transaction, facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.cases.policy_facts import case_of
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actions import Act, action, current_act
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ASSISTANCE
WRITE = "cases.write"
TIME = Actor(UUID(int=2), ActorKind.JOB)
"""What time brings is done by nobody here, whoever looks first."""
LONGEST = 5000
CHOOSE_ONE = Message("apps.cases:choose-one")
Code = TypeVar("Code")


@contextmanager
def case_action(
    actor: Actor,
    case: Case,
    step: str,
    *,
    code: str = WRITE,
    closed_too: bool = False,
    context: Mapping[str, Value] | None = None,
) -> Iterator[Act]:
    """One step in a case. The row is read again within, and whoever else does something in the case
    waits for the end; at the end the facts follow.

    code: what the charter is asked. Raises DeniedError; InputError in a closed case, unless
    ``closed_too``.
    """
    resource = case_of(case.person, case.pk)
    with (
        open_vault(),
        action(
            actor=actor,
            code=code,
            purpose=PURPOSE,
            resource=resource,
            context=context,
            subject=case.person_id,
        ) as act,
    ):
        act.note(step=step)
        lock_case(case)
        if case.state != Case.State.OPEN and not closed_too:
            raise InputError.at(Message("apps.cases:case-closed"))
        yield act
        restate_case_facts(case.person)


def lock_case(case: Case) -> None:
    """Read a case again; whoever else does something in it waits for the end of this action. Every
    action locks the case first, and its contacts, reviews, referrals and help after that, so that
    two never wait for each other."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(no_key=True))


def by_itself() -> Act:
    """What time brings, or a disclosure that ended: nobody here decides it."""
    return Act(Event(action=WRITE, actor=TIME, purpose=PURPOSE))


def act_of_event() -> Act:
    """The action of which an event tells, for what follows from it in the same transaction."""
    return current_act() or by_itself()


def create_case_row(act: Act, row: Any, **sealed: object) -> None:
    """Store a new row of a case. sealed: values of its vault fields; what is empty is nothing."""
    for name, value in sealed.items():
        setattr(row, name, value if value not in ("", [], {}) else None)
    act.create(row)


def change_case_row(
    act: Act, row: Any, base_version: int | None = None, **changes: object
) -> Saved:
    """Change a versioned row of a case; values are in clear.

    base_version: what whoever changes it saw; by default what is stored.
    Raises ConflictError where somebody else changed the same meanwhile.
    """
    saved = act.save(row, base_version=base_version, changes=changes)
    row.refresh_from_db()
    return saved


def record_step(
    act: Act,
    case: Case,
    kind: CaseStep.Kind,
    *,
    before: str = "",
    after: str = "",
    text: str = "",
    at: datetime | None = None,
) -> CaseStep:
    """Write one step into the history of a case. at: as of when, by default now."""
    then, by = at or clock.now(), act.by
    row = CaseStep(**case_columns(case), kind=kind, before=before, after=after, at=then, by=by)
    row.sentence = text.strip() or None
    act.create(row)
    return row


def case_columns(case: Case) -> dict[str, Any]:
    """The columns that every row about a case has."""
    return {"organisation_id": case.organisation_id, "person": case.person, "case": case}


def clean_text(text: str, *, field: str, needed: bool = False, most: int = LONGEST) -> str | None:
    """What somebody wrote, without what stands around it. Raises InputError where it is needed and
    missing, or has more than ``most`` characters."""
    found = text.strip()
    if needed and not found:
        raise InputError.at(Message("apps.cases:words-missing"), field=field)
    if len(found) > most:
        raise InputError.at(Message("apps.cases:words-long", {"most": most}), field=field)
    return found or None


def check_together(*checks: Callable[[], object]) -> None:
    """Make all checks, so that everything that is wrong is told at once. Raises InputError."""
    wrong: list[Problem] = []
    for check in checks:
        try:
            check()
        except InputError as error:
            wrong.extend(error.problems)
    if wrong:
        raise InputError(*wrong)


def require_choice(value: Code, codes: Any, *, field: str, said: Message = CHOOSE_ONE) -> Code:
    """One of these codes. said: the sentence where it is none. Raises InputError."""
    if value not in codes:
        raise InputError.at(said, field=field)
    return value
