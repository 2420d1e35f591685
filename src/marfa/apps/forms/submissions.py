"""What came in, for those who judge it; opening is on the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from marfa.apps.forms.answers import Answered, InWords, answered_questions
from marfa.apps.forms.models import Attachment, Submission
from marfa.apps.forms.policy_facts import purpose_of, what_came
from marfa.apps.manifest import Waiting
from marfa.apps.organisations.workplaces import places_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.registry.purposes import purpose_for
from marfa.apps.registry.visibility import about_seen
from marfa.domain.message import Message
from marfa.platform.files.models import StoredFile
from marfa.safeguards.actions import Act, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role

State = Submission.State
READ = ("xml",)
"""The fields about which the charter is asked, once a form is somebody's."""


@dataclass(frozen=True)
class SubmissionDifference:
    """One difference: at which question, what is said of it, what was sent, what would be right."""

    path: str
    label: str
    message: Message
    found: str | None
    expected: str | None


@dataclass(frozen=True)
class SentFile:
    """A file that came with a form. label: the question that it answers."""

    label: str
    file: StoredFile


@dataclass(frozen=True)
class Opened:
    """findings: the differences. answers: what was answered, files apart. files: those that came.
    sentence: why it was decided so."""

    findings: list[SubmissionDifference]
    answers: list[Answered]
    files: list[SentFile]
    sentence: str


DIFFERENT_FIRST = Case(
    When(state=State.DIFFERENT, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def supervised_submissions(actor: Actor) -> QuerySet[Submission]:
    """What came in at the places where somebody supervises. What came from somebody who works at
    several sites is of every supervisor of their organisation: else it would be nobody's."""
    at = places_of(actor, {Role.SUPERVISOR})
    any_place = {held.organisation for held in actor.roles if held.role is Role.SUPERVISOR}
    return Submission.objects.filter(
        Q(organisation__in=at.organisations)
        | Q(site__in=at.sites)
        | Q(site=None, organisation__in=any_place)
    )


def submissions_to_decide(actor: Actor) -> QuerySet[Submission]:
    """What waits for a decision at the sites where somebody supervises: differences first."""
    found = _with_forms(undecided_submissions(actor))
    return found.order_by(DIFFERENT_FIRST, "received_at", "id")


def submissions_waiting(actor: Actor) -> Waiting:
    """How many forms that came in wait for a decision of somebody."""
    return Waiting(undecided_submissions(actor).order_by().count())


def undecided_submissions(actor: Actor) -> QuerySet[Submission]:
    """The same, in no order."""
    mine = supervised_submissions(actor).filter(
        state__in=(State.DIFFERENT, State.CHECKED, State.RECEIVED)
    )
    # One that was filled in for somebody is judged by who may know of them.
    of_known = Q(about_seen(actor, "subject"), handed_over_at__isnull=False)
    return mine.filter(Q(handed_over_at=None) | of_known, practice=False)


def practice_submissions(actor: Actor) -> QuerySet[Submission]:
    """What came in for practice at these sites, the newest first; nothing of it is decided."""
    mine = supervised_submissions(actor).filter(practice=True)
    return _with_forms(mine).order_by("-received_at", "id")


def settled_submissions(actor: Actor) -> QuerySet[Submission]:
    """What was accepted or set aside at these sites and is in nobody's record, the newest first."""
    mine = supervised_submissions(actor).filter(state__in=(State.ACCEPTED, State.SET_ASIDE))
    return _with_forms(mine.filter(handed_over_at=None)).order_by("-settled_at", "id")


def readable_submissions(actor: Actor) -> QuerySet[Submission]:
    """What an actor may open: what came in at these sites, and what was given to somebody whom
    they may know of. Whether they may read it the charter says when it is opened."""
    given = Submission.objects.filter(about_seen(actor, "subject"), handed_over_at__isnull=False)
    return _with_forms(supervised_submissions(actor).filter(handed_over_at=None) | given)


def _with_forms(found: QuerySet[Submission]) -> QuerySet[Submission]:
    return found.select_related("form", "version__form", "site").defer("version__xml")


READING = "records.read"


@contextmanager
def reading_submission(actor: Actor, submission: Submission) -> Iterator[Act]:
    """What came in, readable within it, on the record. Raises DeniedError."""
    given = submission.handed_over_at is not None
    resource = _of_person(submission) if given else what_came(submission, actor)
    with (
        reading(
            actor=actor,
            code=READING,
            purpose=purpose_for(actor, READING, resource) if given else purpose_of(submission.form),
            resource=resource,
            subject=submission.subject,
        ) as act,
        open_vault(),
    ):
        act.made("Submission", submission.pk)
        yield act


def _of_person(submission: Submission) -> Resource:
    person = Person.objects.get(pk=submission.subject)
    return record_of(PERSON.resource(person), Submission, READ)


def open_submission(*, actor: Actor, submission: Submission) -> Opened:
    """What came in, with what the server found. Raises DeniedError."""
    with reading_submission(actor, submission):
        told = InWords(submission)
        answers = answered_questions(submission)
        labels = {one.value: one.label for one in answers if one.upload}
        return Opened(
            [_finding(one, told) for one in submission.findings or ()],
            [one for one in answers if not one.upload],
            [SentFile(labels.get(one.name, ""), one.file) for one in _attached(submission)],
            submission.sentence or "",
        )


def open_attached(*, actor: Actor, submission: Submission, reference: str) -> StoredFile | None:
    """A file that came with a form, by its reference, on the record. Raises DeniedError."""
    with reading_submission(actor, submission) as act:
        found = _attached(submission).filter(file__reference=reference).first()
        if found is None:
            return None
        act.note(file=str(found.file_id))
        return found.file


def _attached(submission: Submission) -> QuerySet[Attachment]:
    found = Attachment.objects.filter(submission=submission.pk)
    return found.select_related("file").order_by("id")


def _finding(said: dict[str, Any], told: InWords) -> SubmissionDifference:
    message = Message(said["message"]["code"], said["message"]["params"])
    path = said["path"]
    sent, expected = (told.value_at(path, said[name]) for name in ("found", "expected"))
    return SubmissionDifference(path, told.label_at(path) or said["label"], message, sent, expected)
