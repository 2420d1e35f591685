"""Who takes part, what the panel finds, and interviews that are scored twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from marfa.apps.cases.models import Case
from marfa.apps.screening.actions.interview import FIELDS
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.instruments import instrument_library
from marfa.apps.screening.models import Screening
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import purpose_of
from marfa.apps.studies.actions.studies import study_action
from marfa.apps.studies.models import Enrolment, PanelMember, PanelReading, Scoring, Study
from marfa.apps.studies.protocols import draw, free_code, interview_record, protocol_of
from marfa.apps.studies.queries import (
    ASKED,
    ASSESS,
    ENROL,
    PURPOSE,
    SCORE,
    assessment_of,
    can_be_enrolled,
    case_of,
    resource_of,
)
from marfa.domain.message import InputError, Message
from marfa.methods.screening.answers import WORDS
from marfa.methods.screening.person_codes import is_code
from marfa.methods.screening.study.records import COLUMNS, OPTIONAL, Kind, Record, add_rows
from marfa.platform import clock
from marfa.safeguards.actions import action, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault

ENROLMENT = ("told", "drawn", "understood")
FOUND = ("yes", "no")
LONGEST_SCRIPT = 40


def enrol_person(
    *, actor: Actor, study: Study, screening: Screening, consent: str, understood: bool
) -> Enrolment:
    """Take somebody into a study by their own consent. Nothing of their help depends on it, and
    their interview stays as it is.

    The library checks what it checks of a file: consent, danger, a child, the language, the days,
    the approval, the words. What is read of the interview for it is on the record. Raises
    InputError; DeniedError.
    """
    _may_enrol(actor, study)
    found = can_be_enrolled(actor, study).filter(pk=screening.pk).first()
    if found is None:
        raise InputError.at(Message("apps.studies:not-for-study"))
    screening, person = found, found.person
    if PanelMember.objects.filter(study=study, user=screening.officer).exists():
        raise InputError.at(Message("methods.screening:study-panel-asks"))
    if consent == "yes" and not understood:
        raise InputError.at(Message("apps.studies:not-understood"), field="understood")
    with reading_interview(actor, screening):
        _in_words_of(study, screening)
        code = free_code(study)
        told = _checked(study, interview_record(study, screening, person, code), consent)
    resource = record_of(person, Enrolment, ENROLMENT)
    with (
        action(
            actor=actor,
            code="records.write",
            purpose=PURPOSE,
            resource=resource,
            subject=person.pk,
        ) as act,
        open_vault(),
    ):
        act.note(step="enrol")
        row = Enrolment(
            organisation_id=person.organisation_id,
            person=person,
            study=study,
            screening=screening,
            code=code,
            officer=screening.officer,
            drawn=draw(study, told),
            language=screening.language,
            understood=understood,
            consented_at=clock.now(),
            asked_by=actor.id,
            told=told,
        )
        try:
            with transaction.atomic():
                act.create(row)
        except IntegrityError:  # a colleague was faster
            raise InputError.at(Message("apps.studies:enrolled-already")) from None
    return row


@contextmanager
def reading_interview(actor: Actor, screening: Screening) -> Iterator[None]:
    """What was said in an interview, readable within it, on the record. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code="records.read",
            purpose=purpose_of(actor),
            resource=record_of(screening.person, Screening, FIELDS),
            subject=screening.person_id,
        ),
        open_vault(),
    ):
        yield


def _may_enrol(actor: Actor, study: Study) -> None:
    """A study that is open, and somebody who asks people for it."""
    if study.state != Study.State.ENROLLING:
        raise InputError.at(Message("apps.studies:not-now"))
    decision = decide(actor, ENROL, resource_of(study), ASKED)
    if not decision.allowed:
        raise DeniedError(decision)


def _in_words_of(study: Study, screening: Screening) -> None:
    """Each question was put in the words of the study, also where it was put in another of its
    languages than the interview. Raises InputError."""
    for language in answers_given(screening).worded.values():
        if language in study.words and screening.words.get(language) != study.words[language]:
            params = {"language": language}
            raise InputError.at(Message("methods.screening:study-words-changed", params))


def _checked(study: Study, record: Record, consent: str) -> Record:
    """The interview, as the library takes it. Raises InputError with its first reason."""
    known = set(instrument_library().instrument(study.instrument).item_ids)
    row = {key: value for key, value in record.items() if key != "kind" and not _other(key, known)}
    row["consent"] = consent
    # Codes alone: no value has a comma.
    lines = [",".join(row), ",".join(row.values())]
    try:
        rows = add_rows(
            protocol_of(study),
            instrument_library(),
            [],
            lines,
            Kind.INTERVIEWS,
            file="",
            today=clock.now().date(),
        )
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="consent") from None
    return rows[0]


def _other(column: str, items: set[str]) -> bool:
    """An answer to an item of the list's counterpart, which is another list."""
    known = (*COLUMNS[Kind.INTERVIEWS], *OPTIONAL[Kind.INTERVIEWS])
    return column not in items and column not in known


def withdraw_person(*, actor: Actor, enrolment: Enrolment) -> None:
    """The person does not want to take part any more: what the study keeps of them goes. What it
    found before stays as it was, in sums. Raises DeniedError."""
    resource = record_of(enrolment.person, Enrolment, ENROLMENT)
    with action(
        actor=actor,
        code="records.write",
        purpose=PURPOSE,
        resource=resource,
        subject=enrolment.person_id,
    ) as act:
        act.note(step="withdraw")
        act.delete(enrolment)


def record_reading(*, actor: Actor, enrolment: Enrolment, found: str) -> PanelReading:
    """Write down what a reader of the panel finds. Who is found and is not in help stands in the
    work of supervisors from this moment, for today.

    Raises InputError for no answer, without a finished assessment, and for a second reading by the
    same person; DeniedError.
    """
    if found not in FOUND:
        raise InputError.at(Message("apps.studies:choose"), field="found")
    if not enrolment.drawn or assessment_of(enrolment) is None:
        raise InputError.at(Message("apps.studies:not-assessed"))
    if enrolment.study.state != Study.State.ENROLLING:
        raise InputError.at(Message("apps.studies:not-now"))
    now = clock.now()
    with action(
        actor=actor,
        code=ASSESS,
        purpose=PURPOSE,
        resource=case_of(enrolment),
        subject=enrolment.person_id,
    ) as act:
        in_help = Case.objects.filter(person=enrolment.person_id, state=Case.State.OPEN).exists()
        row = PanelReading(
            organisation_id=enrolment.organisation_id,
            person=enrolment.person,
            enrolment=enrolment,
            reader=actor.id,
            found=found,
            in_help=in_help,
            read_at=now,
        )
        try:
            with transaction.atomic():
                act.create(row)
        except IntegrityError:
            raise InputError.at(Message("apps.studies:read-already")) from None
    return row


def score_interview(
    *, actor: Actor, study: Study, script: str, answers: Mapping[str, str], later: bool
) -> Scoring:
    """Score an observed or scripted interview, alone. What others scored is shown to nobody before
    the study has ended. Raises InputError; DeniedError."""
    code = script.strip()
    if not code or len(code) > LONGEST_SCRIPT or not is_code(code):
        raise InputError.at(Message("apps.studies:script-code"), field="script")
    items = instrument_library().instrument(study.instrument).item_ids
    given = {item: answer for item, answer in answers.items() if answer}
    if not given or any(item not in items or word not in WORDS for item, word in given.items()):
        raise InputError.at(Message("apps.studies:no-answer"), field="script")
    row = Scoring(
        organisation_id=study.organisation_id,
        study=study,
        script=code,
        rater=actor.id,
        later=later,
        scored_at=clock.now(),
        answers=given,
    )
    with study_action(actor, study, SCORE, "score") as act, open_vault():
        if study.state != Study.State.ENROLLING:
            raise InputError.at(Message("apps.studies:not-now"))
        try:
            with transaction.atomic():
                act.create(row)
        except IntegrityError:
            raise InputError.at(Message("apps.studies:scored-already"), field="script") from None
    return row
