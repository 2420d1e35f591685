"""Determinations: prepared by one, advised by a panel, decided by another, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marfa.apps.best_interests.actions.steps import (
    check_review,
    deciding,
    must_be_child,
    review_by,
    today_at,
)
from marfa.apps.best_interests.deadlines import DECISION, REVIEW, TO_DECIDE
from marfa.apps.best_interests.events import DeterminationDecided
from marfa.apps.best_interests.matters import (
    AUTHORITY_UNSAFE,
    BY_AUTHORITY,
    MATTERS,
    NAMES_ONE,
    WITHOUT_PANEL,
)
from marfa.apps.best_interests.models import Determination, DeterminationOption
from marfa.apps.best_interests.panels import missing_of
from marfa.apps.best_interests.queries import WORDS, preparers_of
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.form_pages.editor import Change
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.events import publish_event
from marfa.platform.revisions.actions import Saved
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor

State, Outcome = Determination.State, Determination.Outcome
OPTION_WORDS = ("name", "speaks_for", "against", "safety", "view")


@dataclass(frozen=True)
class Decided:
    """What a panel, or two people, decided. option: the one that was chosen, where a panel met."""

    outcome: str
    decision: str
    reasons: str
    dissent: str
    review_on: date | None
    option: DeterminationOption | None = None


def prepare_determination(
    *,
    actor: Actor,
    case: Case,
    matter: str,
    question: str,
    about: UUID | None = None,
    named: str = "",
    meanwhile: str = "",
) -> Determination:
    """Begin a determination. about, named: on whom or which authority it decides, where the matter
    is about one; meanwhile: who protects the child until an unsafe authority is safe again.

    Raises DeniedError, InputError.
    """
    require_choice(matter, MATTERS, field="matter")
    unsafe = matter == AUTHORITY_UNSAFE
    sealed = {
        "question": clean_text(question, field="question", needed=True),
        "named": clean_text(named, field="named", needed=matter in NAMES_ONE, most=200),
        "meanwhile": clean_text(meanwhile, field="meanwhile", needed=unsafe),
    }
    with case_action(actor, case, "determination") as act:
        must_be_child(case)
        row = Determination(
            **case_columns(case),
            matter=matter,
            about=about,
            prepared_at=clock.now(),
            prepared_by=actor.id,
        )
        create_case_row(act, row, **sealed)
        act.note(matter=matter)
    return row


def change_determination(row: Determination, asked: Change) -> Saved:
    """Save what somebody changed while it is being prepared. Raises DeniedError, InputError,
    ConflictError."""
    unsafe = row.matter == AUTHORITY_UNSAFE
    needed = {"question": True, "named": row.matter in NAMES_ONE, "meanwhile": unsafe}
    for name in WORDS:
        clean_text(str(asked.changes[name] or ""), field=name, needed=needed.get(name, False))
    require_choice(str(asked.changes["view_how"]), Determination.ViewHow.values, field="view_how")
    with case_action(asked.actor, row.case, "change_determination") as act:
        must_be(row, *states_to_change(row.matter))
        return _saved(act, row, asked, WORDS)


def states_to_change(matter: str) -> tuple[str, ...]:
    """Until when the words are changed: a panel goes on with them, the second of two people decides
    on what the first one gave."""
    return (State.DRAFT,) if matter in WITHOUT_PANEL else (State.DRAFT, State.PANEL)


def add_option(
    *, actor: Actor, determination: Determination, told: dict[str, str]
) -> DeterminationOption:
    """One more option, to stand beside the others. Raises InputError."""
    sealed = {
        name: clean_text(told.get(name, ""), field=name, needed=name in ("name", "safety"))
        for name in OPTION_WORDS
    }
    with case_action(actor, determination.case, "add_option") as act:
        must_be(determination, State.DRAFT, State.PANEL)
        row = DeterminationOption(
            organisation_id=determination.organisation_id,
            person=determination.case.person,
            determination=determination,
            place=determination.options.count() + 1,
        )
        create_case_row(act, row, **sealed)
    return row


def change_option(row: DeterminationOption, asked: Change) -> Saved:
    """Put an option right. Raises InputError, ConflictError."""
    for name in OPTION_WORDS:
        clean_text(str(asked.changes[name] or ""), field=name, needed=name in ("name", "safety"))
    determination = row.determination
    with case_action(asked.actor, determination.case, "change_option") as act:
        must_be(determination, State.DRAFT, State.PANEL)
        return _saved(act, row, asked, OPTION_WORDS)


def put_before_panel(*, actor: Actor, row: Determination) -> None:
    """It is prepared: the panel, or the second person, has their time from now on. Raises
    InputError with all that is missing."""
    with case_action(actor, row.case, "put_before_panel") as act:
        must_be(row, State.DRAFT)
        if missing := missing_of(row):
            raise InputError(*(Problem(each) for each in missing))
        now = clock.now()
        change_case_row(act, row, state=State.PANEL, panel_at=now, due_at=now + TO_DECIDE)
        set_deadline(
            kind=DECISION,
            subject=row.pk,
            due_at=now + TO_DECIDE,
            owner=owner_of(row),
            responsible=row.case.supervisor,
        )


def decide_determination(*, actor: Actor, row: Determination, told: Decided) -> None:
    """Decide, until a day, with the reasons and with what the panel did not agree on. What stood
    on the same matter before is replaced.

    Raises DeniedError for who prepared it; InputError without a review date, and for a panel of
    fewer than two agencies or two members without a conflict of interest.
    """
    require_choice(told.outcome, Outcome.values, field="outcome")
    sealed: dict[str, Any] = {
        "decision": clean_text(told.decision, field="decision", needed=True),
        "reasons": clean_text(told.reasons, field="reasons", needed=True),
        "dissent": clean_text(told.dissent, field="dissent"),
    }
    today = today_at(row.case)
    day = check_review(told.review_on, today)
    with deciding(actor, row.case, row.pk, "decide", prepared_by=preparers_of(row)) as act:
        must_be(row, State.PANEL)
        if missing := missing_of(row, chair=actor.id):
            raise InputError(*(Problem(each) for each in missing))
        if row.matter not in WITHOUT_PANEL:
            _choose(act, row, told.option)
        _replace_earlier(act, row)
        change_case_row(
            act,
            row,
            state=State.DECIDED,
            outcome=told.outcome,
            review_on=day,
            decided_on=today,
            decided_at=clock.now(),
            decided_by=actor.id,
            **sealed,
        )
        meet_deadline(kind=DECISION, subject=row.pk)
        review_by(row, row.case)
        publish_event(DeterminationDecided(row.pk, row.person_id))
        act.note(matter=row.matter, outcome=told.outcome)


def _choose(act: Act, row: Determination, option: DeterminationOption | None) -> None:
    """Which of the options it is."""
    if option is None or option.determination_id != row.pk:
        raise InputError.at(Message("apps.cases:choose-one"), field="option")
    option.refresh_from_db()
    change_case_row(act, option, chosen=True)


def _replace_earlier(act: Act, row: Determination) -> None:
    earlier = Determination.objects.filter(
        person=row.person_id, matter=row.matter, about=row.about, state=State.DECIDED
    )
    for each in earlier:
        if row.matter == AUTHORITY_UNSAFE and row.about is None and _named(each) != _named(row):
            continue  # another authority, which is in words alone as well
        change_case_row(act, each, state=State.SUPERSEDED, ended_at=clock.now())
        withdraw_deadline(kind=REVIEW, subject=each.pk)


def _named(row: Determination) -> list[str]:
    return (row.named or "").casefold().split()


def enter_order(
    *, actor: Actor, row: Determination, ordered_by: str, reference: str, on: date | None
) -> None:
    """Enter the order of the competent authority, which alone separates a child from a parent.
    Raises InputError for another matter, and before it was decided."""
    sealed: dict[str, Any] = {
        "ordered_by": clean_text(ordered_by, field="ordered_by", needed=True, most=200),
        "order_reference": clean_text(reference, field="reference", needed=True, most=100),
    }
    if on is None or on > today_at(row.case):
        raise InputError.at(Message("apps.best_interests:not-yet"), field="order_on")
    with case_action(actor, row.case, "order") as act:
        must_be(row, State.DECIDED)
        if row.matter not in BY_AUTHORITY:
            raise InputError.at(Message("apps.best_interests:no-order"))
        if row.order_on is not None:
            raise InputError.at(Message("apps.best_interests:order-entered"))
        change_case_row(act, row, order_on=on, order_entered_by=actor.id, **sealed)


def drop_determination(*, actor: Actor, row: Determination) -> None:
    """Withdraw what was not decided. Raises InputError."""
    with case_action(actor, row.case, "drop_determination", closed_too=True) as act:
        must_be(row, State.DRAFT, State.PANEL)
        change_case_row(act, row, state=State.DROPPED, ended_at=clock.now())
        withdraw_deadline(kind=DECISION, subject=row.pk)


def must_be(row: Determination, *states: str) -> None:
    """Read it again, and hold that it stands so."""
    row.refresh_from_db()
    if row.state not in states:
        raise InputError.at(Message("apps.best_interests:determination-otherwise"))


def _saved(
    act: Act, row: Determination | DeterminationOption, asked: Change, words: tuple[str, ...]
) -> Saved:
    """Empty words are none."""
    changes = {
        name: (value or None) if name in words else value for name, value in asked.changes.items()
    }
    return act.save(row, base_version=asked.base_version, changes=changes, mine=asked.mine)
