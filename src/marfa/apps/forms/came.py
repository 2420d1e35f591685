"""What came in, for those who judge it; opening is on the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from marfa.apps.forms.models import Submission
from marfa.apps.forms.queries import answers_of
from marfa.apps.forms.reading import model_of
from marfa.apps.forms.resources import purpose_of, what_came
from marfa.domain.message import Message
from marfa.safeguards.acting import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.opening import open_vault
from marfa.safeguards.words import Role

State = Submission.State
MOST_ANSWERS = 500


@dataclass(frozen=True)
class Found:
    """One difference: at which question, what is said of it, what was sent, what would be right."""

    path: str
    label: str
    message: Message
    found: str | None
    expected: str | None


@dataclass(frozen=True)
class Opened:
    """findings: the differences. answers: (question, answer) as they were sent."""

    findings: list[Found]
    answers: list[tuple[str, str]]


def supervised(actor: Actor) -> QuerySet[Submission]:
    """What came in at the places where somebody supervises."""
    held = [role for role in actor.roles if role.role is Role.SUPERVISOR]
    whole = {role.organisation for role in held if role.site is None and role.team is None}
    sites = {role.site for role in held if role.site is not None}
    found = Submission.objects.all()
    return found.filter(organisation__in=whole) | found.filter(site__in=sites)


def waiting(actor: Actor) -> QuerySet[Submission]:
    """What waits for a decision at the sites where somebody supervises: differences first."""
    first = Case(
        When(state=State.DIFFERENT, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    mine = supervised(actor).filter(state__in=(State.DIFFERENT, State.CHECKED, State.RECEIVED))
    return _with_forms(mine.filter(handed_over_at=None, practice=False)).order_by(
        first, "received_at", "id"
    )


def practised(actor: Actor) -> QuerySet[Submission]:
    """What came in for practice at these sites, the newest first; nothing of it is decided."""
    mine = supervised(actor).filter(practice=True)
    return _with_forms(mine).order_by("-received_at", "id")


def _with_forms(found: QuerySet[Submission]) -> QuerySet[Submission]:
    return found.select_related("form", "version__form").defer("version__xml")


@contextmanager
def reading_submission(actor: Actor, submission: Submission) -> Iterator[None]:
    """What came in, readable within it, on the record. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code="records.read",
            purpose=purpose_of(submission.form),
            resource=what_came(submission),
            subject=submission.subject,
        ) as act,
        open_vault(),
    ):
        act.made("Submission", submission.pk)
        yield


def open_submission(*, actor: Actor, submission: Submission) -> Opened:
    """What came in, with what the server found. Raises DeniedError."""
    with reading_submission(actor, submission):
        findings = [_finding(one) for one in submission.findings or ()]
        return Opened(findings, answered(submission))


def _finding(said: dict[str, Any]) -> Found:
    message = Message(said["message"]["code"], said["message"]["params"])
    return Found(said["path"], said["label"], message, said["found"], said["expected"])


def answered(submission: Submission) -> list[tuple[str, str]]:
    """Each question that was answered, with its answer as it was sent; within ``open_vault()``."""
    asked = {question.spot.name for question in model_of(submission.version).questions()}
    nodes = [node for node in answers_of(submission).walk() if not node.children]
    return [
        (node.name, node.text.strip())
        for node in nodes[:MOST_ANSWERS]
        if node.name in asked and node.text.strip()
    ]
