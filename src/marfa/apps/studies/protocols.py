"""A study of the database as the library knows it: its protocol, and its people as records."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from marfa.apps.registry.ages import age_band
from marfa.apps.registry.models import Person
from marfa.apps.screening.answers import answers_given, merge_answers
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import dangers_of
from marfa.apps.studies.models import Enrolment, PanelReading, Scoring, Study
from marfa.apps.studies.queries import enrolled_people
from marfa.domain.codes import new_code
from marfa.domain.dates import from_storage
from marfa.methods.screening.study.decisions import decision_kept
from marfa.methods.screening.study.protocol import Protocol
from marfa.methods.screening.study.records import Kind, Record

TEXTS = ("population", "reference", "blinding", "help", "stop_rule")
APPROVAL = ("approval_body", "approval_number")
SEXES = ("female", "male", "other", "unknown")


def protocol_of(study: Study) -> Protocol:
    """The protocol, as the library checks and reports it; within ``open_vault()``."""
    plan: Mapping[str, str] = study.plan or {}
    stopped = study.stopped_at or study.closed_at
    return Protocol(
        instrument=study.instrument,
        version=study.instrument_version,
        digest=study.digest,
        setting=study.setting,
        words=study.words,
        begins=study.begins,
        **{key: plan.get(key, "") for key in TEXTS},
        reference_reads_screening=study.assessors_know,
        needed_flagged=study.needed_flagged,
        needed_not_flagged=study.needed_not_flagged,
        share_not_flagged=study.percent_not_flagged / 100,
        children=study.children,
        stopped=stopped.date() if stopped else None,
        approval_body=plan.get("approval_body", ""),
        approval_number=plan.get("approval_number", ""),
        approval_ends=study.approval_ends,
        file="",
    )


def staff_code(study: Study, user: UUID) -> str:
    """Somebody of the staff in the records of one study: a code, and no name."""
    digest = hashlib.sha256(study.pk.bytes + user.bytes).hexdigest()
    return f"S-{int(digest[:12], 16) % 10**9:09}"


def interview_record(study: Study, screening: Screening, person: Person, code: str) -> Record:
    """An interview in codes, consent apart; within ``open_vault()``."""
    kept: Mapping[str, Any] = screening.outcome or {}
    given = answers_given(screening)
    answers = merge_answers(given.stated, given.observed)
    assert screening.closed_at is not None  # noqa: S101 - it has ended
    return {
        "kind": Kind.INTERVIEWS.value,
        "person": code,
        "day": screening.closed_at.date().isoformat(),
        "site": screening.site.reference,
        "sex": person.sex if person.sex in SEXES else "unknown",
        "language": _language(study, screening.language, given.worded.values()),
        "interpreter": "yes" if screening.interpreter else "no",
        "interviewer": staff_code(study, screening.officer),
        "danger": "yes" if _in_danger(screening) else "no",
        "age_group": _age_group(person, screening.closed_at.date()),
        "child": "no" if kept.get("age") == "adult" else "yes",
        "screened": decision_kept(kept).value,
        **{item: answer.code for item, answer in answers.items()},
    }


def _age_group(person: Person, day: date) -> str:
    """Unknown where somebody doubts it."""
    if person.age_disputed or not person.born:
        return "unknown"
    return age_band(from_storage(person.born), day)


def _language(study: Study, language: str, worded: Iterable[str]) -> str:
    """The language of the interview; one of those in which a question was put and that the study
    does not know, where there is one."""
    return next((each for each in sorted(worded) if each not in study.words), language)


def _in_danger(screening: Screening) -> bool:
    return screening.urgency == "now" or dangers_of(screening).exists()


def draw(study: Study, record: Record) -> bool:
    """Whether the panel reads somebody's assessment: whoever was flagged, and of the others whom
    the lot falls on."""
    return record["screened"] == "flagged" or secrets.randbelow(100) < study.percent_not_flagged


def free_code(study: Study) -> str:
    """A code that the study has not given out."""
    while True:
        code = new_code()
        if not Enrolment.objects.filter(study=study, code=code).exists():
            return code


def records_of(study: Study) -> list[Record]:
    """All that a study knows, as the library reads it; within ``open_vault()``."""
    people = list(enrolled_people(study))
    codes = {row.pk: row.code for row in people}
    readings = PanelReading.objects.filter(enrolment__in=codes).order_by("pk")
    return [
        *(row.told for row in people),
        *(_reading(study, row, codes[row.enrolment_id]) for row in readings),
        *(_scoring(study, row) for row in Scoring.objects.filter(study=study).order_by("pk")),
    ]


def _reading(study: Study, row: PanelReading, code: str) -> Record:
    return {
        "kind": Kind.ASSESSMENTS.value,
        "person": code,
        "day": row.read_at.date().isoformat(),
        "assessor": staff_code(study, row.reader),
        "victim": row.found,
        "helped": "yes" if row.in_help else "no",
    }


def _scoring(study: Study, row: Scoring) -> Record:
    return {
        "kind": (Kind.RETEST if row.later else Kind.DOUBLE).value,
        "person": row.script,
        "rater": staff_code(study, row.rater),
        **row.answers,
    }
