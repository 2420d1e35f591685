"""A child comes into a place, is visited and reviewed there, moves and leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marfa.apps.alternative_care.actions.deadlines import reset_review, reset_visit
from marfa.apps.alternative_care.actions.places import lock_place
from marfa.apps.alternative_care.deadlines import (
    FIRST_VISIT,
    LONGEST_IN_DOUBT,
    LONGEST_REVIEW,
    NEXT_VISIT,
    REVIEW,
    REVIEWED,
    SETTLED_WITHIN,
    VISIT,
)
from marfa.apps.alternative_care.models import CarePlace, CareReview, CareVisit, Placement, Vetting
from marfa.apps.alternative_care.vetting_state import (
    CURRENT,
    free_places,
    in_doubt_since,
    is_full,
    lives_in,
    open_doubts,
    vetting_of,
)
from marfa.apps.best_interests.matters import PLACEMENT, SEPARATION
from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.best_interests.queries import decision_in_force
from marfa.apps.cases.action_base import (
    CHOOSE_ONE,
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.registry.care import PARENTS, care_of, known_of, somebody_of, ties_of
from marfa.apps.tracing.actions.agreements import agreement_columns
from marfa.apps.tracing.actions.partings import check_together_or_agreed
from marfa.apps.tracing.siblings import stays_with
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.safeguards.actions import Act, together
from marfa.safeguards.actor import Actor

Sort, End = Placement.Sort, Placement.End


@dataclass(frozen=True)
class Wanted:
    """How a child is placed. view: what the child says of it. review_at: when it is looked at
    again."""

    sort: str
    view: str
    text: str = ""
    review_at: datetime | None = None
    agreement: Agreement | None = None


def place_child(*, actor: Actor, case: Case, place: CarePlace, wanted: Wanted) -> Placement:
    """A child lives in a place from now on.

    An emergency for safety waits for no yes and no vetting: it has three days to be settled.
    Raises DeniedError; InputError where the place is not vetted, in doubt, full or ended, and where
    brothers and sisters would be parted.
    """
    said = _check_wanted(wanted)
    with case_action(actor, case, "place_child") as act:
        if Placement.objects.filter(person=case.person, state=CURRENT).exists():
            raise InputError.at(Message("apps.alternative_care:lives-elsewhere"))
        return _begin(actor, act, case, place, wanted, said)


def move_child(
    *, actor: Actor, placement: Placement, place: CarePlace, wanted: Wanted, text: str
) -> Placement:
    """A child moves: what was ends and what comes begins, both or neither. Raises as
    ``place_child``."""
    why = clean_text(text, field="why", needed=True)
    said = _check_wanted(wanted)
    with together(), case_action(actor, placement.case, "move_child") as act:
        placement.refresh_from_db()
        if placement.place_id == place.pk:
            raise InputError.at(Message("apps.alternative_care:lives-there"), field="place")
        _end(act, placement, End.MOVED, why)
        return _begin(actor, act, placement.case, place, wanted, said)


def settle_emergency(*, actor: Actor, placement: Placement, agreement: Agreement | None) -> None:
    """An emergency became a placement for a time: the place is vetted and free of doubt, and who
    may said yes. Raises DeniedError, InputError."""
    with case_action(actor, placement.case, "settle_emergency") as act:
        placement.refresh_from_db()
        if placement.state != CURRENT or placement.sort != Sort.EMERGENCY:
            raise InputError.at(Message("apps.alternative_care:no-emergency"))
        lock_place(placement.place)
        vetting = _must_be_vetted(placement.place)
        _must_be_together(actor, placement.case, placement.place, among=True)
        _must_be_ordered(placement.case)
        agreed = agreement_columns(placement.case, agreement, needed=True)
        change_case_row(
            act, placement, sort=Sort.SHORT, settle_by=None, vetting_id=vetting.pk, **agreed
        )
        reset_review(placement)


def end_placement(*, actor: Actor, placement: Placement, end: str, text: str) -> None:
    """A child no longer lives there. That they grew up is no reason. Raises DeniedError,
    InputError."""
    require_choice(end, [each for each in End.values if each != End.MOVED], field="end")
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, placement.case, "end_placement", closed_too=True) as act:
        placement.refresh_from_db()
        _end(act, placement, end, said)


def review_child(
    *,
    actor: Actor,
    placement: Placement,
    outcome: str,
    view: str,
    text: str,
    next_at: datetime | None = None,
) -> CareReview:
    """Write down whether a child is safe where they live, and what they say. While the caregiver is
    in doubt, the next look comes within a week. Raises DeniedError, InputError."""
    texts: list[str | None] = []
    check_together(
        lambda: require_choice(outcome, CareReview.Outcome.values, field="outcome"),
        lambda: texts.append(clean_text(view, field="view", needed=True)),
        lambda: texts.append(clean_text(text, field="text", needed=True)),
    )
    with case_action(actor, placement.case, "review_child") as act:
        placement.refresh_from_db()
        _must_live_there(placement)
        now = clock.now()
        doubtful = in_doubt_since(placement.place) is not None
        usual = LONGEST_IN_DOUBT if doubtful else REVIEWED[placement.sort]
        until = next_at or now + usual
        if not now < until <= now + (LONGEST_IN_DOUBT if doubtful else LONGEST_REVIEW):
            raise InputError.at(Message("apps.alternative_care:review-when"), field="next")
        row = CareReview(
            organisation_id=placement.organisation_id,
            person=placement.case.person,
            placement=placement,
            doubt=open_doubts(placement.place).first(),
            outcome=outcome,
            at=now,
            by=actor.id,
            next_at=until,
        )
        create_case_row(act, row, view=texts[0], words=texts[1])
        meet_deadline(kind=REVIEW, subject=placement.pk)
        reset_review(placement)
    return row


def record_care_visit(
    *, actor: Actor, placement: Placement, alone: bool, announced: bool, text: str
) -> CareVisit:
    """Write down a visit to a child. Raises DeniedError, InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, placement.case, "record_care_visit") as act:
        placement.refresh_from_db()
        _must_live_there(placement)
        now = clock.now()
        row = CareVisit(
            organisation_id=placement.organisation_id,
            person=placement.case.person,
            placement=placement,
            alone=alone,
            announced=announced,
            at=now,
            by=actor.id,
        )
        create_case_row(act, row, words=said)
        change_case_row(act, placement, visit_by=now + NEXT_VISIT)
        meet_deadline(kind=VISIT, subject=placement.pk)
        reset_visit(placement)
    return row


def _check_wanted(wanted: Wanted) -> list[str | None]:
    texts: list[str | None] = []
    emergency = wanted.sort == Sort.EMERGENCY
    check_together(
        lambda: require_choice(wanted.sort, Sort.values, field="sort"),
        lambda: texts.append(clean_text(wanted.view, field="view", needed=not emergency)),
        lambda: texts.append(clean_text(wanted.text, field="text", needed=emergency)),
    )
    return texts


def _begin(
    actor: Actor, act: Act, case: Case, place: CarePlace, wanted: Wanted, said: list[str | None]
) -> Placement:
    lock_place(place)
    now = clock.now()
    emergency = wanted.sort == Sort.EMERGENCY
    if place.organisation_id != case.organisation_id:
        # A place of another organisation: its reviews would be seen by nobody here.
        raise InputError.at(CHOOSE_ONE, field="place")
    if place.ended_at is not None:
        raise InputError.at(Message("apps.alternative_care:place-ended"), field="place")
    if is_full(place):
        raise InputError.at(Message("apps.alternative_care:place-full"), field="place")
    vetting = None
    if emergency:
        _no_doubt(place)
    else:
        vetting = _must_be_vetted(place)
        _must_be_together(actor, case, place)
        _must_be_ordered(case)
    review_at = wanted.review_at or now + REVIEWED[wanted.sort]
    if not now < review_at <= now + LONGEST_REVIEW:
        raise InputError.at(Message("apps.alternative_care:review-when"), field="review")
    determination = None
    if wanted.sort == Sort.LASTING:
        determination = _determined(case, place)
    row = Placement(
        **case_columns(case),
        **agreement_columns(case, wanted.agreement, needed=not emergency),
        determination=determination,
        place=place,
        vetting=vetting,
        sort=wanted.sort,
        begun_at=now,
        begun_by=act.by,
        settle_by=now + SETTLED_WITHIN if emergency else None,
        review_at=review_at,
        visit_by=now + FIRST_VISIT,
    )
    create_case_row(act, row, view=said[0], words=said[1])
    reset_review(row)
    reset_visit(row)
    return row


def _determined(case: Case, place: CarePlace) -> Determination:
    """What a panel decided on a lasting placement, as it stands now. Raises InputError."""
    found = decision_in_force(case.person, PLACEMENT)
    if found is None or found.about not in (None, place.pk):
        raise InputError.at(Message("apps.alternative_care:panel-first"), field="sort")
    return found


def _end(act: Act, placement: Placement, end: str, said: str | None) -> None:
    _must_live_there(placement)
    change_case_row(
        act,
        placement,
        state=Placement.State.ENDED,
        ended_at=clock.now(),
        ended_by=act.by,
        end=end,
        words=said,
    )
    reset_review(placement)
    reset_visit(placement)


def _must_live_there(placement: Placement) -> None:
    if placement.state != CURRENT:
        raise InputError.at(Message("apps.alternative_care:ended-already"))


def _no_doubt(place: CarePlace) -> None:
    if in_doubt_since(place) is not None:
        raise InputError.at(Message("apps.alternative_care:place-in-doubt"), field="place")


def _must_be_vetted(place: CarePlace) -> Vetting:
    _no_doubt(place)
    found = vetting_of(place)
    if found is None:
        raise InputError.at(Message("apps.alternative_care:not-vetted"), field="place")
    return found


def _must_be_ordered(case: Case) -> None:
    """A child with a mother or father here is parted from them by the order of the competent
    authority alone. A parent who is a child themselves comes along (``_must_be_together``)."""
    person, day = case.person, clock.today(case.site.time_zone)
    if not somebody_of(person).is_child(day):
        return
    parents = {tie.other for tie in ties_of([person.pk])[person.pk] if tie.kind in PARENTS}
    here = known_of(parents & set(care_of(person, day).by))
    grown_up = any(not each.is_child(day) for each in here.values())
    if grown_up and decision_in_force(person, SEPARATION) is None:
        raise InputError.at(Message("apps.alternative_care:parent-is-here"), field="place")


def _must_be_together(actor: Actor, case: Case, place: CarePlace, *, among: bool = False) -> None:
    """Those of whom a child must not be parted live in the same place, or in none yet, and there
    is room for them. among: the child lives there already."""
    others = [other.pk for other in stays_with(actor, case.person)]
    homes = lives_in(others)
    there = {key for key in others if homes.get(key) == place.pk}
    nowhere = [key for key in others if key not in homes]
    room = free_places(place) - (0 if among else 1)
    if len(nowhere) <= room:
        there |= set(nowhere)
    check_together_or_agreed(actor, case.person, there, field="together")
