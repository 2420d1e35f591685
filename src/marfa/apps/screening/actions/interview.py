"""The talk itself: from the conditions to the end of it, whoever ends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from marfa.apps.manifest import no_list_for
from marfa.apps.organisations.models import Site
from marfa.apps.reception.places_to_refer import has_place_to_refer
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions.hand_over_urgency import hasten_hand_over
from marfa.apps.screening.answers import answers_given, score_answers
from marfa.apps.screening.conditions import (
    Allowed,
    Condition,
    Met,
    allowed_by_conditions,
    unmet_conditions,
)
from marfa.apps.screening.doors import through_protection
from marfa.apps.screening.drafts import discard_drafts
from marfa.apps.screening.events import OutcomeKnown
from marfa.apps.screening.facts import age_of, state_outcome
from marfa.apps.screening.indicators import restate_indicators
from marfa.apps.screening.instruments import digests_of_words, may_ask_with
from marfa.apps.screening.models import DUTIES, Screening, ScreeningAnswer
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import told_here
from marfa.apps.screening.said_before import answers_before
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError, Message
from marfa.methods.screening import Panel, Result, Use
from marfa.methods.screening.needs import rests_on_vulnerability
from marfa.methods.screening.views import for_officer, full
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.platform.revisions.actions import erase_history
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.fields import VaultField, sealed_value
from marfa.safeguards.words import Purpose

CODE = "records.write"
WORDS_OF_PERSON = ("stated", "observed", "worded", "said", "seen", "wish", "reach")
FIELDS = ("conditions", "interpreter", "outcome", *WORDS_OF_PERSON)
State = Screening.State
SEALED = frozenset(
    field.name for field in Screening._meta.concrete_fields if isinstance(field, VaultField)
)


@contextmanager
def screening_action(actor: Actor, screening: Screening, step: str) -> Iterator[Act]:
    """One step of a talk, decided and on the record. The row is read again within it, and nobody
    else takes a step before its end."""
    resource = record_of(screening.person, Screening, FIELDS)
    with action(
        actor=actor,
        code=CODE,
        purpose=Purpose.SCREENING,
        resource=resource,
        subject=screening.person_id,
    ) as act:
        act.note(step=step)
        lock_screening(screening)
        yield act


def lock_screening(screening: Screening) -> None:
    """Read a talk again; whoever else would change it waits for the end of this action."""
    rows = Screening.objects.select_for_update(no_key=True)
    screening.refresh_from_db(from_queryset=rows)


def open_screening(
    *,
    actor: Actor,
    person: Person,
    site: Site,
    language: str,
    addressee: Addressee,
    officer: UUID | None = None,
    submission: UUID | None = None,
    at: datetime | None = None,
) -> Screening:
    """Sit down with a person. Raises InputError where a talk with them is open already.

    officer: who leads it, by default the actor. submission: the form of which it is made.
    at: when it began, by default now.
    """
    resource = record_of(person, Screening, FIELDS)
    row = Screening(
        organisation_id=person.organisation_id,
        person=person,
        site=site,
        officer=officer or actor.id,
        submission=submission,
        state=State.PREPARING,
        opened_at=at or clock.now(),
        language=language,
        addressee=addressee.value,
        age=age_of(person).code,
    )
    with action(
        actor=actor, code=CODE, purpose=Purpose.SCREENING, resource=resource, subject=person.pk
    ) as act:
        act.note(step="open")
        if Screening.objects.filter(person=person, state__in=Screening.OPEN).exists():
            raise InputError.at(Message("apps.screening:open-already"))
        try:
            with transaction.atomic():
                act.create(row)
        except IntegrityError:  # a colleague was faster
            raise InputError.at(Message("apps.screening:open-already")) from None
    return row


def look_at_conditions(
    *,
    actor: Actor,
    screening: Screening,
    base_version: int,
    told: Mapping[str, str],
    interpreter: str = "",
    ends: bool = False,
) -> Allowed:
    """Write down which conditions hold; whoever looked at them leads the talk. Raises InputError
    for one that nobody knows, and for an interpreter who is there without a code; nothing is asked
    of whoever ``ends`` it with this."""
    _known(told)
    # A form that came in was asked already, with the directory of that moment.
    if not screening.submission:
        told = with_directory(told, screening.person)
    if not ends:
        _interpreter_has_code(told, interpreter)
    with screening_action(actor, screening, "conditions") as act:
        must_be(screening, State.PREPARING)
        save_screening(
            act, screening, base_version, _looked_at(screening, actor, told, interpreter)
        )
    return allowed_by_conditions(told)


def go_on_with_screening(
    *,
    actor: Actor,
    screening: Screening,
    base_version: int,
    told: Mapping[str, str],
    interpreter: str = "",
) -> None:
    """Go on with a talk that was left: on another day, in another room or with another officer it
    is safe only where every condition holds again. Whoever looked at them leads it from now on;
    who did before, and what held then, stays in its history.

    Raises InputError, naming how many are missing, for a talk that is over, and for another's with
    a list that the actor does not ask with.
    """
    _known(told)
    told = with_directory(told, screening.person)
    _interpreter_has_code(told, interpreter)
    _all_hold(told)
    with screening_action(actor, screening, "goes_on") as act:
        must_be(screening, State.ASKING)
        if not may_lead(screening, actor):
            raise InputError.at(Message("apps.screening:list-of-protection"))
        save_screening(
            act, screening, base_version, _looked_at(screening, actor, told, interpreter)
        )


def with_directory(told: Mapping[str, str], person: Person) -> dict[str, str]:
    """What was told of the conditions; that a place to refer to is open counts only where the
    directory has one that takes this person and was called this week."""
    known = dict(told)
    if known.get(Condition.REFERRAL) == Met.YES and not has_place_to_refer(person):
        known[Condition.REFERRAL.value] = Met.NO.value
    return known


def may_lead(screening: Screening, actor: Actor) -> bool:
    """Whether somebody may ask the questions of a talk under way: whoever leads it, and colleagues
    who ask with its list themselves."""
    return screening.officer == actor.id or may_ask_with(actor, screening.instrument)


def _known(told: Mapping[str, str]) -> None:
    known = {each.value for each in Condition}
    for name, met in told.items():
        if name not in known or met not in set(Met):
            raise InputError.at(Message("apps.screening:condition-unknown"), field=name)


def _interpreter_has_code(told: Mapping[str, str], interpreter: str) -> None:
    if told.get(Condition.INTERPRETER) == Met.YES and not interpreter.strip():
        raise InputError.at(Message("apps.screening:interpreter-code"), field="interpreter")


def _all_hold(told: Mapping[str, str]) -> None:
    if allowed_by_conditions(told) is not Allowed.ASK:
        raise InputError.at(
            Message("apps.screening:conditions-missing", {}, count=len(unmet_conditions(told))),
            field="conditions",
        )


def _looked_at(
    screening: Screening, actor: Actor, told: Mapping[str, str], interpreter: str
) -> dict[str, object]:
    """What is written down of it. Who led a talk that came in as a form is said by the form."""
    found: dict[str, object] = {
        "conditions": dict(told),
        "interpreter": interpreter.strip() or None,
    }
    return found if screening.submission else {**found, "officer": actor.id}


def ask_first(
    *,
    actor: Actor,
    screening: Screening,
    base_version: int,
    panel: Panel,
    use: Use,
    at: datetime | None = None,
) -> None:
    """Begin to ask. Raises InputError, naming what is missing, unless every condition holds.

    With real people nothing is asked at a site of which nobody has said what must be reported, and
    nothing of whom no list of questions may be put to, as a small child; a form that came in was
    asked already.
    What the person said in the private conversation before, word for word, is answered already.
    at: when the first question was asked, by default now.
    """
    first = panel.instruments[0]
    duties = told_here(screening.site, DUTIES, screening.language, live=not use.pilot)
    with screening_action(actor, screening, "ask") as act:
        must_be(screening, State.PREPARING)
        with open_vault():
            told = screening.conditions or {}
        _all_hold(told)
        if duties is None and not use.pilot:
            raise InputError.at(Message("apps.screening:duties-missing"))
        refusal = None if screening.submission else no_list_for(screening.person, actor)
        if refusal is not None:
            raise InputError.at(refusal.said)
        if not may_ask_with(actor, first.name):
            raise InputError.at(Message("apps.screening:list-of-protection"), field="instrument")
        if not all(use.permits(instrument) for instrument in panel.instruments):
            raise InputError.at(Message("apps.screening:instrument-not-permitted"))
        changes = {
            "state": State.ASKING,
            "asked_at": at or clock.now(),
            "instrument": first.name,
            "instrument_version": first.version,
            "instrument_digest": first.questions_digest,
            "words": {} if screening.submission else digests_of_words(first),
            "pilot": use.pilot,
        }
        save_screening(act, screening, base_version, changes)
        if not screening.submission:
            keep_said_before(act, actor, screening, panel)


def take_over_said(*, actor: Actor, screening: Screening, panel: Panel) -> None:
    """Take over what was said in the private conversation after these questions had begun, as after
    danger: what has an answer here keeps it."""
    with screening_action(actor, screening, "said_before") as act:
        must_be(screening, State.ASKING)
        keep_said_before(act, actor, screening, panel)


def keep_said_before(act: Act, actor: Actor, screening: Screening, panel: Panel) -> None:
    """Take over what was said in the private conversation before, within an action."""
    here = set(screening.answers.values_list("item", flat=True))
    with open_vault():
        for said in answers_before(actor, screening, panel):
            if said.item in here:
                continue
            row = ScreeningAnswer(
                organisation_id=screening.organisation_id,
                person_id=screening.person_id,
                screening=screening,
                item=said.item,
                said_at=said.at,
            )
            row.stated, row.observed = said.stated, said.observed
            act.create(row)


def change_language(*, actor: Actor, screening: Screening, language: str) -> None:
    """Put the questions in another language from now on. What was answered stays, with the
    language in which it was asked. Raises InputError for a talk that is over."""
    with screening_action(actor, screening, "language") as act:
        if screening.state not in Screening.OPEN:
            raise InputError.at(Message("apps.screening:not-open"))
        save_screening(act, screening, screening.version, {"language": language})


def stop_screening(
    *, actor: Actor, screening: Screening, why: str = "", forget: bool = False
) -> None:
    """Somebody said stop: nothing more is asked or kept, and nothing is scored.

    forget: the person wants what was said to be deleted, history included.
    """
    with screening_action(actor, screening, "stop") as act:
        if screening.state not in Screening.OPEN:
            raise InputError.at(Message("apps.screening:not-open"))
        changes: dict[str, object] = {"state": State.STOPPED, "closed_at": clock.now()}
        changes["why_closed"] = why or None
        if forget:
            changes |= dict.fromkeys(WORDS_OF_PERSON)
        save_screening(act, screening, screening.version, changes)
        if forget:
            _forget_answers(act, screening)
        discard_drafts(screening)
        state_outcome(screening, "not_finished")


def forget_said(*, actor: Actor, screening: Screening) -> None:
    """After ``Stop``: the person wants what was said to be deleted, history included."""
    with screening_action(actor, screening, "forget") as act:
        if screening.state != State.STOPPED:
            raise InputError.at(Message("apps.screening:not-stopped"))
        changes: dict[str, object] = dict.fromkeys(WORDS_OF_PERSON)
        save_screening(act, screening, screening.version, changes)
        _forget_answers(act, screening)


def _forget_answers(act: Act, screening: Screening) -> None:
    """Delete the answers, and the history of the talk and of each of them."""
    rows = ScreeningAnswer.objects.filter(screening=screening)
    keys = list(rows.values_list("pk", flat=True))
    act.delete(rows)
    erase_history(Screening, screening.pk)
    for key in keys:
        erase_history(ScreeningAnswer, key)


def put_off(*, actor: Actor, screening: Screening, declined: bool, why: str = "") -> None:
    """No talk now: the person said no, or it was not safe. Help is offered all the same."""
    state = State.DECLINED if declined else State.NOT_SAFE
    with screening_action(actor, screening, state.value) as act:
        must_be(screening, State.PREPARING)
        changes = {"state": state, "closed_at": clock.now(), "why_closed": why or None}
        save_screening(act, screening, screening.version, changes)
        state_outcome(screening, "not_finished")


def finish_screening(
    *,
    actor: Actor,
    screening: Screening,
    base_version: int,
    panel: Panel,
    use: Use,
    wish: str = "",
    at: datetime | None = None,
) -> Result:
    """End the talk and read what was answered. What is known so far stands; nothing is added.

    at: when it ended, where it is put on record later; by default now.
    """
    with screening_action(actor, screening, "finish") as act:
        must_be(screening, State.ASKING)
        if panel.instruments[0].questions_digest != screening.instrument_digest:
            raise InputError.at(Message("apps.screening:instrument-changed"))
        changes = {
            "closed_at": at or clock.now(),
            "recorded_at": clock.now() if at else None,
            "wish": wish or None,
        }
        return score_and_close(act, screening, base_version, panel, use, changes)


def score_and_close(
    act: Act,
    screening: Screening,
    base_version: int,
    panel: Panel,
    use: Use,
    changes: Mapping[str, object],
) -> Result:
    """Read what was answered and close the talk with it, within an action. changes: what else is
    written down, with when it ended."""
    person = Person.objects.get(pk=screening.person_id)
    with open_vault():
        told = answers_given(screening)
        age = age_of(person)
        result = score_answers(panel, told.stated, told.observed, age=age, use=use)
    indication, urgency = outcome_codes(result)
    before = screening.urgency
    words = digests_of_words(panel.instruments[0])
    found = {
        "state": State.FINISHED,
        "words": dict(screening.words.items() & words.items()),
        "age": age.code,
        "outcome": {**full(result), "officer": for_officer(result), "found": indication},
        "indication": indication,
        "urgency": urgency,
    }
    save_screening(act, screening, base_version, {**found, **changes})
    discard_drafts(screening)
    hasten_hand_over(screening, act.by, before)
    if urgency != "routine" and not rests_on_vulnerability(result):
        through_protection(screening.person_id)
    state_outcome(screening, indication, screening.recorded_at)
    restate_indicators(person)
    publish_event(OutcomeKnown(person.pk))
    return result


def outcome_codes(result: Result) -> tuple[str, str]:
    """The codes of an outcome. A checklist gives reasons; one that says now is due now, and any
    reason is due within days: no reason waits for a validated list."""
    if result.outcome is not None:
        urgency = "now" if result.danger_now else result.outcome.urgency.code
        return result.outcome.indication.name.lower(), urgency
    if result.danger_now:
        return "reasons_only", "now"
    return ("reasons_only", "days") if result.any_fired else ("none_seen", "routine")


def must_be(screening: Screening, state: Screening.State) -> None:
    if screening.state != state:
        key = "begun-already" if state == State.PREPARING else "not-asking"
        raise InputError.at(Message(f"apps.screening:{key}"))


def save_screening(
    act: Act, screening: Screening, base_version: int, changes: Mapping[str, object]
) -> None:
    """Save changes of a talk; what its fields seal is sealed."""
    sealed = {
        name: sealed_value(screening, name, value) if name in SEALED else value
        for name, value in changes.items()
    }
    act.save(screening, base_version=base_version, changes=sealed, sealed=True)
