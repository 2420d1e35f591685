"""Second looks: asked for with a time, and answered. No help waits for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marfa.apps.cases.action_base import PURPOSE, case_columns, clean_text, lock_case
from marfa.apps.cases.actions.review_outcomes import end_case, lower_urgency
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import URGENCIES, Case, Review
from marfa.apps.cases.policy_facts import review_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import sealed_value

WAITING = deadline_kind("cases.review", Step("due"))


def ask_review(
    act: Act,
    case: Case,
    of: Review.Of,
    *,
    due_at: datetime,
    subject: UUID | None = None,
    wanted: str = "",
    why: str = "",
) -> Review:
    """Ask that a second person looks at something, within the action that gives rise to it.

    Raises InputError where the same is asked already.
    """
    if Review.objects.filter(case=case, of=of, state=Review.State.WAITING).exists():
        raise InputError.at(Message("apps.cases:waits-already"))
    row = Review(
        **case_columns(case),
        of=of,
        subject=subject,
        wanted=wanted,
        asked_by=act.by,
        asked_at=clock.now(),
        due_at=due_at,
    )
    row.why = why.strip() or None
    act.create(row)
    set_deadline(kind=WAITING, subject=row.pk, due_at=due_at, owner=owner_of(row))
    return row


def answer_review(*, actor: Actor, review: Review, agree: bool, text: str = "") -> None:
    """A second person agrees or does not, with a sentence where they do not.

    Where they do not agree with a presumption, it stands and so does the help: the case team hears
    what they think. A lower urgency holds from their yes on; what was told in between withdrew it
    (``withdraw_lowering``).
    Raises DeniedError; InputError for one that is answered already.
    """
    said = clean_text(text, field="text", needed=not agree)
    person = review.case.person
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(person, review.pk, asked_by=review.asked_by),
            subject=person.pk,
        ) as act,
    ):
        act.note(of=review.of, agreed=agree)
        case = Case.objects.select_related("person", "site").get(pk=review.case_id)
        lock_case(case)
        state = Review.State.AGREED if agree else Review.State.NOT_AGREED
        if not _end(review, state, answered_by=actor.id, words=sealed_value(review, "words", said)):
            raise InputError.at(Message("apps.cases:answered-already"))
        review.refresh_from_db()
        meet_deadline(kind=WAITING, subject=review.pk)
        if agree:
            _follow(act, actor, case, review)
        restate_case_facts(person)


def withdraw_lowering(case: Case, *, below: str) -> None:
    """Take back a request that waits to lower a case below an urgency that was told since."""
    lower = URGENCIES[: URGENCIES.index(below)]
    asked = Review.objects.filter(case=case, of=Review.Of.LOWERING, wanted__in=lower)
    for row in asked.filter(state=Review.State.WAITING):
        if _end(row, Review.State.WITHDRAWN):
            withdraw_deadline(kind=WAITING, subject=row.pk)


def _end(row: Review, state: Review.State, **told: object) -> bool:
    """End what waits; False where somebody was faster."""
    waiting = Review.objects.filter(pk=row.pk, state=Review.State.WAITING)
    return bool(waiting.update(state=state, answered_at=clock.now(), **told))


def _follow(act: Act, actor: Actor, case: Case, review: Review) -> None:
    """What a yes does."""
    if review.of == Review.Of.LOWERING:
        lower_urgency(act, case, review.wanted, review.why or "")
    elif review.of == Review.Of.CLOSURE:
        end_case(act, actor, case, review.wanted, review.why or "")
