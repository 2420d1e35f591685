"""Guardian, lawyer and interpreter: who they are, how they are reached, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marfa.apps.best_interests.actions.steps import (
    check_review,
    deciding,
    must_be_child,
    review_by,
    today_at,
)
from marfa.apps.best_interests.deadlines import REVIEW
from marfa.apps.best_interests.models import AdultDoubt, Representative
from marfa.apps.best_interests.queries import doubted_adults, other_end
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.registry.care import PARENTS, somebody_of
from marfa.apps.registry.models import Person, Relationship
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, withdraw_deadline
from marfa.safeguards.actor import Actor

Kind, Basis = Representative.Kind, Representative.Basis


@dataclass(frozen=True)
class NewRepresentative:
    """Who is to speak for a child. relationship: their tie to the child, where it is the basis."""

    kind: str
    basis: str
    name: str
    reach: str
    since: date | None
    review_on: date | None
    until: date | None = None
    appointed_by: str = ""
    relationship: Relationship | None = None


def appoint_representative(*, actor: Actor, case: Case, told: NewRepresentative) -> Representative:
    """Write down who speaks for a child, from when, and how they are reached.

    Raises DeniedError; InputError for a guardian without a verified tie and without an authority
    that appointed them, and for one whom an indicator concerns.
    """
    today = today_at(case)
    require_choice(told.kind, Kind.values, field="kind")
    require_choice(told.basis, Basis.values, field="basis")
    needed = told.basis == Basis.AUTHORITY
    sealed = {
        "name": clean_text(told.name, field="name", needed=True, most=200),
        "reach": clean_text(told.reach, field="reach", needed=True, most=500),
        "appointed_by": clean_text(
            told.appointed_by, field="appointed_by", needed=needed, most=200
        ),
    }
    check_together(
        lambda: check_review(told.review_on, today),
        lambda: _check_days(told, today),
        lambda: _check_basis(told, case),
    )
    with case_action(actor, case, "representative") as act:
        must_be_child(case)
        tie = told.relationship if told.basis == Basis.TIE else None
        adult = _adult_of(tie, case.person)
        assert told.since is not None  # noqa: S101 - checked with the days
        if told.kind == Kind.GUARDIAN and adult is not None and doubted_adults([adult.pk]):
            raise InputError.at(Message("apps.best_interests:guardian-in-doubt"), field="basis")
        row = Representative(
            **case_columns(case),
            kind=told.kind,
            basis=told.basis,
            adult=adult,
            relationship=tie,
            since=told.since,
            until=told.until,
            review_on=told.review_on,
            recorded_at=clock.now(),
            recorded_by=actor.id,
        )
        create_case_row(act, row, **sealed)
        review_by(row, case)
    return row


def _check_days(told: NewRepresentative, today: date) -> None:
    if told.since is None or told.since > today:
        raise InputError.at(Message("apps.best_interests:not-yet"), field="since")
    if told.until is not None and told.until < told.since:
        raise InputError.at(Message("apps.best_interests:ends-before"), field="until")


def _check_basis(told: NewRepresentative, case: Case) -> None:
    """A guardian has a verified tie, or an authority appointed them."""
    if told.basis == Basis.ASKED and told.kind == Kind.GUARDIAN:
        raise InputError.at(Message("apps.best_interests:guardian-basis"), field="basis")
    if told.basis != Basis.TIE:
        return
    tie = told.relationship
    if tie is None or case.person_id not in (tie.person_id, tie.to_id):
        raise InputError.at(Message("apps.cases:choose-one"), field="relationship")
    tie.refresh_from_db()
    if tie.state != Relationship.State.VERIFIED or tie.ended_at is not None:
        raise InputError.at(Message("apps.best_interests:tie-unverified"), field="relationship")
    _adult, kind = other_end(tie, case.person)
    grown = not somebody_of(_adult).is_child(today_at(case))
    if told.kind == Kind.GUARDIAN and not grown and kind not in PARENTS:
        raise InputError.at(Message("apps.best_interests:guardian-grown"), field="relationship")


def _adult_of(tie: Relationship | None, child: Person) -> Person | None:
    return other_end(tie, child)[0] if tie is not None else None


def reach_representative(*, actor: Actor, row: Representative) -> None:
    """They were reached today. Raises InputError for one that ended."""
    with case_action(actor, row.case, "reach_representative") as act:
        _must_run(row)
        change_case_row(act, row, reached_at=clock.now())


def keep_representative(*, actor: Actor, row: Representative, review_on: date | None) -> None:
    """Looked at again: they stay, until the next day of review. Raises InputError."""
    day = check_review(review_on, today_at(row.case))
    with case_action(actor, row.case, "keep_representative") as act:
        _must_run(row)
        meet_deadline(kind=REVIEW, subject=row.pk)
        change_case_row(act, row, review_on=day)
        review_by(row, row.case)


def end_representative(*, actor: Actor, row: Representative, text: str) -> None:
    """They speak for the child no more. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, row.case, "end_representative", closed_too=True) as act:
        _must_run(row)
        change_case_row(act, row, ended_at=clock.now(), ended_by=actor.id, ended_why=said)
        withdraw_deadline(kind=REVIEW, subject=row.pk)


def _must_run(row: Representative) -> None:
    row.refresh_from_db()
    if row.ended_at is not None:
        raise InputError.at(Message("apps.best_interests:ended-already"))


def doubt_adult(
    *, actor: Actor, case: Case, sign: str, text: str, adult: Person | None = None, who: str = ""
) -> AdultDoubt:
    """Write down that an indicator concerns an adult near the child: from now on their yes counts
    for no child. adult: where they are registered; who: else. Raises DeniedError, InputError."""
    require_choice(sign, AdultDoubt.Sign.values, field="sign")
    said = clean_text(text, field="text", needed=True)
    named = clean_text(who, field="who", needed=adult is None, most=200)
    with case_action(actor, case, "doubt_adult") as act:
        must_be_child(case)
        row = AdultDoubt(
            **case_columns(case),
            adult=adult,
            sign=sign,
            began_at=clock.now(),
            began_by=actor.id,
        )
        create_case_row(act, row, words=said, who=named)
    return row


def lift_doubt(*, actor: Actor, row: AdultDoubt, text: str) -> None:
    """Take a doubt back, with the reason: by another than who wrote it down. Raises DeniedError,
    InputError."""
    said = clean_text(text, field="text", needed=True)
    with deciding(actor, row.case, row.pk, "lift_doubt", prepared_by={row.began_by}) as act:
        row.refresh_from_db()
        if row.ended_at is not None:
            raise InputError.at(Message("apps.best_interests:ended-already"))
        change_case_row(act, row, ended_at=clock.now(), ended_by=actor.id, ended_why=said)
