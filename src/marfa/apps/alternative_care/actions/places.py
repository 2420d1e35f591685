"""Caregivers and places: recorded, checked, vetted by two, doubted and cleared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from marfa.apps.alternative_care.actions.deadlines import reset_reviews_at
from marfa.apps.alternative_care.models import CareCheck, CareDoubt, CarePlace, Placement, Vetting
from marfa.apps.alternative_care.models.places import CHECKS, KINDS, MOST_CHILDREN
from marfa.apps.alternative_care.queries import PURPOSE, VET, WRITE, resource_of
from marfa.apps.alternative_care.vetting_state import CURRENT, vettings_in_force
from marfa.apps.cases.action_base import check_together, clean_text, require_choice
from marfa.apps.organisations.models import Site
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

TAKES = ("all", "girls", "boys")
OLDEST = 25
LONGEST_LABEL = 40
Outcome = CareCheck.Outcome


def record_place(*, actor: Actor, site: Site, told: Mapping[str, object]) -> CarePlace:
    """Record a caregiver or place. It takes nobody before it is vetted.

    told: the columns of ``CarePlace`` that somebody fills in. Raises DeniedError, InputError.
    """
    values = _checked(told)
    row = CarePlace(
        organisation_id=site.organisation_id,
        site=site,
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )
    for name, value in values.items():
        setattr(row, name, value)
    with _place_action(actor, row, "record") as act:
        act.create(row)
    return row


def change_place(*, actor: Actor, place: CarePlace, told: Mapping[str, object]) -> None:
    """Change what is known of a place. Who lives there already stays. Raises DeniedError,
    InputError, ConflictError."""
    values = _checked(told)
    with _place_action(actor, place, "change") as act:
        act.save(place, changes=values)


def end_place(*, actor: Actor, place: CarePlace) -> None:
    """It takes no more children. Raises DeniedError; InputError while a child lives there."""
    with _place_action(actor, place, "end") as act:
        if Placement.objects.filter(place=place, state=CURRENT).exists():
            raise InputError.at(Message("apps.alternative_care:place-lived-in"))
        act.save(place, changes={"ended_at": clock.now()})


def record_check(
    *,
    actor: Actor,
    place: CarePlace,
    kind: str,
    outcome: str,
    done_at: datetime,
    until: datetime,
    text: str = "",
) -> CareCheck:
    """Write down one check of a caregiver. One that speaks against them is a doubt at once.

    until: the first moment from which it is not good any more. Raises DeniedError, InputError.
    """
    said: list[str | None] = []
    check_together(
        lambda: require_choice(kind, CHECKS, field="check"),
        lambda: require_choice(outcome, Outcome.values, field="outcome"),
        lambda: said.append(clean_text(text, field="text", needed=outcome == Outcome.BAD)),
        lambda: _check_days(done_at, until),
    )
    if outcome == Outcome.UNLAWFUL and kind != "police_certificate":
        raise InputError.at(Message("apps.alternative_care:lawful"), field="outcome")
    with _place_action(actor, place, "check") as act:
        row = CareCheck(
            **_of(place),
            check_kind=kind,
            outcome=outcome,
            done_at=done_at,
            until=until,
            by=actor.id,
        )
        row.words = said[0]
        act.create(row)
        if outcome == Outcome.BAD:
            _doubt(act, place, CareDoubt.Why.CHECK, said[0])
        else:
            _shorten_vetting(place, row)
    return row


def ask_vetting(*, actor: Actor, place: CarePlace) -> Vetting:
    """All checks are made: ask a second person whether the caregiver may take children. Raises
    DeniedError; InputError where a check is missing, ran out or speaks against them."""
    with _place_action(actor, place, "ask_vetting") as act:
        until = _good_until(place)
        if Vetting.objects.filter(place=place, agreed=None).exists():
            raise InputError.at(Message("apps.alternative_care:vetting-waits"))
        row = Vetting(**_of(place), asked_at=clock.now(), asked_by=actor.id, until=until)
        act.create(row)
    return row


def answer_vetting(*, actor: Actor, vetting: Vetting, agree: bool) -> None:
    """A second person decides. It is in force until the first check runs out, and the children who
    live there are looked at again then. Raises DeniedError for who asked; InputError."""
    place = vetting.place
    with _place_action(actor, place, "vet", code=VET, asked_by=vetting.asked_by) as act:
        vetting.refresh_from_db()
        if vetting.agreed is not None:
            raise InputError.at(Message("apps.cases:answered-already"))
        vetting.until = _good_until(place) if agree else vetting.until
        vetting.agreed, vetting.decided_at, vetting.decided_by = agree, clock.now(), actor.id
        vetting.save(update_fields=["until", "agreed", "decided_at", "decided_by"])
        act.note(agreed=agree)
        reset_reviews_at(place)


def raise_doubt(*, actor: Actor, place: CarePlace, why: str, text: str) -> CareDoubt:
    """A caregiver became doubtful. Nobody new is placed there, and in the same moment every child
    there has a review that is due the same day. Raises DeniedError, InputError."""
    require_choice(why, CareDoubt.Why.values, field="why")
    said = clean_text(text, field="doubt_text", needed=True)
    with _place_action(actor, place, "doubt") as act:
        return _doubt(act, place, why, said)


def settle_doubt(*, actor: Actor, doubt: CareDoubt, text: str) -> None:
    """Somebody else than who raised it found that a doubt is cleared. Raises DeniedError,
    InputError."""
    said = clean_text(text, field="answer", needed=True)
    place = doubt.place
    with _place_action(actor, place, "settle", code=VET, asked_by=doubt.by):
        doubt.refresh_from_db()
        if doubt.settled_at is not None:
            raise InputError.at(Message("apps.cases:answered-already"))
        doubt.settled_at, doubt.settled_by, doubt.answer = clock.now(), actor.id, said
        doubt.save(update_fields=["settled_at", "settled_by", "answer"])
        reset_reviews_at(place)


def lock_place(place: CarePlace) -> None:
    """Read a place again; whoever else does something with it waits for the end of this action."""
    place.refresh_from_db(from_queryset=CarePlace.objects.select_for_update(no_key=True))


@contextmanager
def _place_action(
    actor: Actor,
    place: CarePlace,
    step: str,
    *,
    code: str = WRITE,
    asked_by: UUID | None = None,
) -> Iterator[Act]:
    resource = resource_of(place, asked_by)
    with (
        open_vault(),
        action(actor=actor, code=code, purpose=PURPOSE, resource=resource) as act,
    ):
        act.note(step=step)
        if not place._state.adding:
            lock_place(place)
        yield act


def _doubt(act: Act, place: CarePlace, why: str, said: str | None) -> CareDoubt:
    row = CareDoubt(**_of(place), why=why, at=clock.now(), by=act.by)
    row.words = said
    act.create(row)
    reset_reviews_at(place)
    return row


def _shorten_vetting(place: CarePlace, check: CareCheck) -> None:
    """The newest check of its kind ends a vetting that would outlast it, and the children who live
    there are looked at again then."""
    if check != _last_check(place, check.check_kind):
        return
    longer = vettings_in_force().filter(place=place, until__gt=check.until)
    if longer.update(until=check.until):
        reset_reviews_at(place)


def _last_check(place: CarePlace, kind: str) -> CareCheck | None:
    return place.carechecks.filter(check_kind=kind).order_by("-done_at", "-pk").first()


def _good_until(place: CarePlace) -> datetime:
    """When the first of the checks that are good now runs out."""
    ends, now = [], clock.now()
    for kind in CHECKS:
        last = _last_check(place, kind)
        if last is None or last.outcome == Outcome.BAD or last.until <= now:
            raise InputError.at(Message("apps.alternative_care:checks-missing"))
        ends.append(last.until)
    return min(ends)


def _checked(told: Mapping[str, object]) -> dict[str, object]:
    """What somebody filled in, cleaned. Raises InputError with all that is wrong."""
    values = dict(told)

    def text(name: str, *, needed: bool = False, most: int = 5000) -> None:
        given = str(values.get(name) or "")
        values[name] = clean_text(given, field=name, needed=needed, most=most)

    check_together(
        lambda: require_choice(values.get("kind"), KINDS, field="kind"),
        lambda: require_choice(values.get("takes"), TAKES, field="takes"),
        lambda: text("label", needed=True, most=LONGEST_LABEL),
        lambda: text("name", needed=True),
        lambda: text("address"),
        lambda: text("words"),
        lambda: _check_numbers(values),
    )
    return values


def _check_numbers(values: Mapping[str, object]) -> None:
    numbers = {
        name: value
        for name in ("capacity", "held", "age_from", "age_to")
        if isinstance(value := values.get(name), int)
    }
    if len(numbers) < 4 or not 1 <= numbers["capacity"] <= MOST_CHILDREN:
        said = Message("apps.alternative_care:capacity-wrong", {"most": MOST_CHILDREN})
        raise InputError.at(said, field="capacity")
    if not 0 <= numbers["held"] <= numbers["capacity"]:
        raise InputError.at(Message("apps.alternative_care:held-wrong"), field="held")
    if not 0 <= numbers["age_from"] <= numbers["age_to"] <= OLDEST:
        raise InputError.at(Message("apps.alternative_care:ages-wrong"), field="age_to")


def _check_days(done_at: datetime, until: datetime) -> None:
    now = clock.now()
    if done_at > now or until <= max(done_at, now):
        raise InputError.at(Message("apps.alternative_care:check-days"), field="until")


def _of(place: CarePlace) -> dict[str, object]:
    return {"organisation_id": place.organisation_id, "place": place}
