"""What becomes of an accepted form: a converter makes records of its answers, for one person.

Apps above name theirs in their manifests. Nothing is made twice, and what has no place in a
record stays in the form, which is kept as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.forms.submissions import reading_submission, supervised_submissions
from marfa.apps.manifest import gather_from_apps
from marfa.apps.name_search.models import Way
from marfa.apps.registry.lookups import note_missed, try_code
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.codes import parse_code
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition

Told = tuple[str, str]
"""A question and its answer, in words or as the form has them."""


@dataclass(frozen=True)
class Plan:
    """fits: what becomes part of a record. left: what has no place there and stays in the form.
    obstacle: why no record can be made, if so."""

    fits: tuple[Told, ...]
    left: tuple[Told, ...]
    obstacle: Message | None = None


@dataclass(frozen=True)
class Converter:
    """takes: whether it knows a form, by its name, purpose and version alone. plan: what would be
    made; within ``open_vault()`` and a reading that was allowed. make: makes it for a person within
    actions of its own, or finds what was made before, and gives the address of the record; raises
    InputError, DeniedError."""

    name: str
    takes: Callable[[FormVersion], bool]
    plan: Callable[[Submission], Plan]
    make: Callable[[Actor, Submission, Person], str]


def all_converters() -> tuple[Converter, ...]:
    """All that the apps of this installation name."""
    return gather_from_apps("form_converters")


def converter_of(version: FormVersion) -> Converter | None:
    """Who makes records of a form; None where its answers stay in the form alone, and for
    practice, of which no record is ever made."""
    if version.form.is_practice:
        return None
    return next((each for each in all_converters() if each.takes(version)), None)


def to_record(actor: Actor) -> QuerySet[Submission]:
    """Accepted forms of the places that somebody supervises, of which no record was made yet."""
    versions = FormVersion.objects.select_related("form").defer("xml")
    known = [version.pk for version in versions if converter_of(version) is not None]
    found = supervised_submissions(actor).filter(
        state=Submission.State.ACCEPTED, handed_over_at=None, practice=False, version__in=known
    )
    return found.select_related("form", "version__form").order_by("settled_at", "id")


def waiting_to_be_recorded(actor: Actor) -> list[tuple[str, int, datetime]]:
    """Per form: for which step it asks, how many there are in ``to_record``, and since when the
    first one waits; one query."""
    accepted = supervised_submissions(actor).filter(
        state=Submission.State.ACCEPTED, handed_over_at=None, practice=False
    )
    told = accepted.order_by().values("version__version", "form__form_id", "form__purpose")
    return [
        (row["form__purpose"], row["count"], row["since"])
        for row in told.annotate(count=Count("id"), since=Min("settled_at"))
        if converter_of(_as_named(row)) is not None
    ]


def _as_named(row: Mapping[str, Any]) -> FormVersion:
    """A version as far as a converter looks at it, unsaved."""
    form = FormDefinition(form_id=row["form__form_id"], purpose=row["form__purpose"])
    return FormVersion(form=form, version=row["version__version"])


def plan_of(*, actor: Actor, submission: Submission) -> Plan:
    """What would be made of a form, on the record. Raises DeniedError; LookupError where no
    converter takes it."""
    converter = converter_of(submission.version)
    if converter is None:
        raise LookupError(submission.form.form_id)
    with reading_submission(actor, submission):
        return converter.plan(submission)


def record_submission(*, actor: Actor, submission: Submission, code: str) -> str:
    """Make the record of an accepted form for the person with a code; its address.

    Raises InputError for a code that is none or of nobody whom the actor may know of, for a form
    that was not accepted, and where the converter refuses; DeniedError.
    """
    converter = converter_of(submission.version)
    accepted = submission.state == Submission.State.ACCEPTED
    if converter is None or submission.is_practice or not accepted:
        raise InputError.at(Message("apps.forms:not-to-record"))
    try:
        digits = parse_code(code)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="code") from None
    try_code(actor)
    person = Person.objects.filter(visibility_condition(PERSON, actor), code=digits).first()
    if person is None:
        note_missed(actor, Q(code=digits), Way.SEARCH)
        raise InputError.at(Message("apps.forms:nobody-with-code"), field="code")
    return converter.make(actor, submission, person)
