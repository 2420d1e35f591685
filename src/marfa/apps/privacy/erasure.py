"""Erasing a subject: every row, version, draft, file, job and key of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from marfa.apps.manifest import PERSON
from marfa.apps.privacy.action_base import about_subject, over_all_rows
from marfa.apps.privacy.answers import two_for_erasure, waiting_erasure
from marfa.apps.privacy.models import Hold, RequestAnswer
from marfa.apps.privacy.queries import holds_in_force
from marfa.apps.privacy.shredders import all_shredders, redacted_tables
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.fields.footprint import Footprint, footprint_of, people_in
from marfa.safeguards.subjects import SubjectKind, kind_in
from marfa.safeguards.vault.erasure import erase_subject


class LeftOverError(RuntimeError):
    """Something of the person is still there after erasing: a fault of ours. Nothing was erased."""


@dataclass(frozen=True)
class Preview:
    """What erasing would destroy, and what forbids it.

    counts: by code of shredder. tables: rows by table. holds: those in force.
    """

    counts: dict[str, int]
    tables: dict[str, int]
    holds: tuple[Hold, ...]


@over_all_rows
def preview_erasure(subject: UUID) -> Preview:
    """What is there about a person; changes nothing."""
    footprint = footprint_of(subject)
    return Preview(
        counts={each.code: each.found(footprint) for each in all_shredders()},
        tables={model._meta.label: len(keys) for model, keys in sorted_rows(footprint)},
        holds=tuple(holds_on(footprint)),
    )


@over_all_rows
def erase_person(*, actor: Actor, subject: UUID) -> dict[str, int]:
    """Destroy what is stored about a person; how much, by kind.

    The charter asks which two people agreed to it, whoever calls this. Raises InputError under a
    hold, or while a file of theirs is being received; DeniedError.
    """
    agreed = waiting_erasure(subject)
    with about_subject(actor, "privacy.erase", subject, two_for_erasure(subject)) as act:
        footprint = footprint_of(subject)
        if hold := holds_on(footprint).first():
            raise InputError.at(Message("apps.privacy:held", {"until": hold.until}))
        counts = shred_footprint(footprint)
        destroy_key(act, footprint, "request", kind_in(footprint))
        if footprint_left(subject):
            raise LeftOverError
        if agreed is not None:
            RequestAnswer.objects.filter(pk=agreed.pk).update(done_at=clock.now())
        act.note(**counts)
    return counts


def shred_footprint(footprint: Footprint) -> dict[str, int]:
    """Destroy a footprint, in the transaction that is open; how much, by kind."""
    return {each.code: each.shred(footprint) for each in all_shredders()}


def holds_on(footprint: Footprint) -> QuerySet[Hold]:
    """Holds on the person, or on anybody else whose rows would go as well."""
    people = people_in(footprint) | ({footprint.subject} if footprint.subject else set())
    return holds_in_force().filter(subject__in=people)


def destroy_key(act: Act, footprint: Footprint, reason: str, kind: SubjectKind | None) -> None:
    """Destroy the subject's key, so that no copy anywhere opens, and put it on the erased list.

    Members of staff have none. kind: None for a person of whom no row was left.
    """
    if footprint.subject is not None and not footprint.of("accounts.User"):
        name = kind.name if kind is not None else PERSON
        erase_subject(act=act, subject=footprint.subject, reason=reason, kind=name)


@over_all_rows
def shred_again(subject: UUID) -> None:
    """Destroy the rows of a person whom the erased list takes out of an older database."""
    shred_footprint(footprint_of(subject))


def footprint_left(subject: UUID) -> bool:
    """Whether anything is left that should be gone."""
    left = footprint_of(subject).rows
    return any(model._meta.label not in redacted_tables() for model in left)


def sorted_rows(footprint: Footprint) -> list[tuple[type[Model], frozenset[Any]]]:
    """The tables by name, so that what is shown has one order."""
    return sorted(footprint.rows.items(), key=lambda item: item[0]._meta.label)
