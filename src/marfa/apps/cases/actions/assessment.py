"""The individual assessment: begun, put down, taken up again, finished.

An answer may raise the urgency of a case and never lowers it; none ends or delays help.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from marfa.apps.cases.action_base import (
    LONGEST,
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.actions.urgency import raise_to
from marfa.apps.cases.models import (
    AREAS,
    NEEDS,
    URGENCIES,
    Assessment,
    AssessmentArea,
    Case,
)
from marfa.apps.form_pages.editor import Change
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actor import Actor

NOW = URGENCIES[-1]
TALKED = (AssessmentArea.State.ASKED, AssessmentArea.State.DECLINED)
FIELDS = frozenset({"state", "need", "answers", "words", "seen"})


def begin_assessment(*, actor: Actor, case: Case) -> Assessment:
    """Begin an assessment of the person, the first or a later one.

    Raises DeniedError; InputError while one is under way.
    """
    with case_action(actor, case, "begin_assessment") as act:
        if Assessment.objects.filter(case=case, state=Assessment.State.OPEN).exists():
            raise InputError.at(Message("apps.cases:assessment-open"))
        row = Assessment(**case_columns(case), started_at=clock.now(), started_by=actor.id)
        create_case_row(act, row)
    return row


def say_released(*, actor: Actor, assessment: Assessment, released: bool | None) -> None:
    """Say whether the person was with an armed or terrorist group, or is held to have been; None:
    not known. Raises DeniedError; InputError in an assessment that is finished."""
    with case_action(actor, assessment.case, "released") as act:
        _must_be_open(assessment)
        change_case_row(act, assessment, released=released)


def begin_area(row: AssessmentArea, actor: Actor) -> AssessmentArea:
    """Store an area of which nothing is written yet; the one that is there where a colleague was
    faster. Raises DeniedError, InputError."""
    require_choice(row.area, AREAS, field="area")
    rows = AssessmentArea.objects.filter(assessment=row.assessment)
    found = rows.filter(area=row.area).first()
    if found is not None:
        return found
    with case_action(actor, row.assessment.case, "begin_area") as act:
        _must_be_open(row.assessment)
        row.state = AssessmentArea.State.LATER
        row.at, row.by = clock.now(), actor.id
        try:
            with transaction.atomic():
                create_case_row(act, row)
        except IntegrityError:  # a colleague was faster
            return rows.get(area=row.area)
    return row


def write_area(row: AssessmentArea, told: Change) -> Saved:
    """Save what was said, seen and needed in one area, as somebody who saw ``base_version`` meant
    it. A need "now" raises the case to the highest urgency; nothing lowers it.

    Raises DeniedError; InputError naming the field, and in an assessment that is finished;
    ConflictError for what a colleague wrote meanwhile.
    """
    actor, case = told.actor, row.assessment.case
    _check(told)
    with case_action(actor, case, "area") as act:
        _must_be_open(row.assessment)
        stored = begin_area(row, actor) if row._state.adding else row
        saved = act.save(
            stored,
            base_version=told.base_version,
            changes=told.changes,
            mine=told.mine,
            derived=lambda _values: {"at": clock.now(), "by": actor.id},
        )
        stored.refresh_from_db()
        if stored.need == "now":
            raise_to(act, case, NOW)
    return saved


def finish_assessment(*, actor: Actor, assessment: Assessment) -> None:
    """Finish an assessment; a later one can be begun.

    Raises DeniedError; InputError where nothing was talked about yet. For whoever was with an
    armed or terrorist group no area may be left out or put off (resolution 2388, OP17); what the
    person does not want to talk about is not left out.
    """
    with case_action(actor, assessment.case, "finish_assessment") as act:
        _must_be_open(assessment)
        done = areas_done(assessment)
        if not done:
            raise InputError.at(Message("apps.cases:assessment-empty"))
        left = [area for area in AREAS if area not in done]
        if assessment.released and left:
            raise InputError.at(Message("apps.cases:released-whole", count=len(left)))
        change_case_row(
            act,
            assessment,
            state=Assessment.State.DONE,
            finished_at=clock.now(),
            finished_by=actor.id,
        )


def areas_done(assessment: Assessment) -> frozenset[str]:
    """Areas that were talked about, or of which the person does not want to talk."""
    rows = AssessmentArea.objects.filter(assessment=assessment, state__in=TALKED)
    return frozenset(rows.values_list("area", flat=True))


def _check(change: Change) -> None:
    told = change.changes
    if odd := set(told) - FIELDS:
        raise KeyError(odd)
    for name in ("words", "seen"):
        clean_text(str(told.get(name) or ""), field=name)
    state, need = told.get("state"), told.get("need")
    if state is not None:
        require_choice(str(state), AssessmentArea.State.values, field="state")
    if need:
        require_choice(str(need), NEEDS, field="need")
    elif state == AssessmentArea.State.ASKED:
        raise InputError.at(Message("apps.cases:need-missing"), field="need")
    if len(str(told.get("answers") or "")) > LONGEST:
        raise InputError.at(Message("apps.cases:words-long", {"most": LONGEST}), field="answers")


def _must_be_open(assessment: Assessment) -> None:
    """Read again: somebody may have finished it meanwhile."""
    assessment.refresh_from_db(fields=["state", "version", "released"])
    if assessment.state != Assessment.State.OPEN:
        raise InputError.at(Message("apps.cases:assessment-done"))
