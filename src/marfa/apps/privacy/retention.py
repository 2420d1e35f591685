"""The end of retention: what is past its period is destroyed, unless a hold keeps it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.db.models import DateTimeField, Model, Q, QuerySet

from marfa.apps.privacy.action_base import about_register, over_all_rows
from marfa.apps.privacy.erasure import destroy_key, shred_footprint
from marfa.apps.privacy.queries import subjects_on_hold, utc_today
from marfa.domain.codelists import codelist
from marfa.platform import clock
from marfa.platform.jobs.states import describe_error
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.fields.checks import field_at
from marfa.safeguards.fields.declarations import ModelDeclaration
from marfa.safeguards.fields.footprint import (
    Footprint,
    footprint_of,
    footprint_of_rows,
    kept_on_erasure,
    people_in,
)
from marfa.safeguards.fields.register import everything_declared, model_declaration
from marfa.safeguards.fields.retention_exceptions import kept_longer
from marfa.safeguards.subjects import SubjectKind, kind_in, kind_of_model

log = logging.getLogger("marfa.privacy")

AT_ONCE = 200
"""Rows in one transaction; a run that is stopped goes on where it was."""

LEFT_TO_PEOPLE = {"jobs.Job": Q(state="dead"), "outbox.Parcel": Q(state="dead")}
"""What failed for good stays until somebody has looked at it."""

PASSING = ("own_end", "traces")
"""Classes of what is no record of somebody: it keeps nobody, and goes with them."""


@dataclass(frozen=True)
class Due:
    """Rows of one table that are past their period. held: how many of them a hold keeps."""

    model: type[Model]
    retention: str
    keys: tuple[Any, ...]
    held: int


def period_of(retention: str) -> timedelta | None:
    """How long a class is kept; None where it has no period of its own, or where the software
    itself deletes nothing of it."""
    attributes = codelist("retention_classes").entry(retention).attributes
    if "days" not in attributes or attributes.get("appended_only"):
        return None
    return timedelta(days=int(attributes["days"]))


@over_all_rows
def find_due_rows() -> list[Due]:
    """All that is past its period now, table by table; changes nothing."""
    found = []
    for model, declared in everything_declared():
        period = period_of(declared.retention)
        if period is not None:
            rows = rows_past_period(model, declared, period)
            keys = tuple(rows.order_by("pk").values_list("pk", flat=True))
            free = tuple(key for part in _groups(keys) for key in _free(model, part))
            if keys:
                found.append(Due(model, declared.retention, free, len(keys) - len(free)))
    return found


def rows_past_period(
    model: type[Model], declared: ModelDeclaration, period: timedelta
) -> QuerySet[Model]:
    """Rows whose period is over. A moment counts to the second; a day is kept to its last second,
    by the calendar of UTC. Rows whose period has not begun (NULL) stay, and so do those of a class
    that keeps them longer, and people about whom something is kept whose own period is not over.
    """
    rows = model._base_manager.filter(_over(model, declared, period))
    if spared := LEFT_TO_PEOPLE.get(model._meta.label):
        rows = rows.exclude(spared)
    for each in kept_longer(model):
        kept = model._base_manager.filter(each.rows())
        if (longer := period_of(each.retention)) is not None:
            kept = kept.exclude(_over(model, declared, longer))
        rows = rows.exclude(pk__in=kept.values("pk"))
    if model._meta.pk.attname in declared.subjects:
        for people in _still_kept(model):
            rows = rows.exclude(pk__in=people)
    return rows


def _over(model: type[Model], declared: ModelDeclaration, period: timedelta) -> Q:
    if isinstance(field_at(model, declared.kept_from), DateTimeField):
        return Q(**{f"{declared.kept_from}__lte": clock.now() - period})
    return Q(**{f"{declared.kept_from}__lt": utc_today() - period})


def _still_kept(people: type[Model]) -> Iterator[QuerySet[Model, Any]]:
    """Keys of the people about whom a record is kept in another table, such as an open case: they
    would take it with them. By table and class."""
    for model, declared in everything_declared():
        period = period_of(declared.retention)
        if model is people or period is None or declared.retention in PASSING:
            continue
        if kept_on_erasure(declared):  # it stays without them
            continue
        for lookup in declared.subjects:
            about = model._base_manager.filter(**{f"{lookup}__isnull": False})
            yield about.exclude(_over(model, declared, period)).values(lookup)
            for each in kept_longer(model):
                if (longer := period_of(each.retention)) is not None:
                    kept = about.filter(each.rows()).exclude(_over(model, declared, longer))
                    yield kept.values(lookup)


@over_all_rows
def apply_retention(*, actor: Actor, between: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Destroy what is past its period; rows by table. A person of whom nothing but keys is left
    is erased altogether.

    Each group of rows is a transaction, in which it is asked again whether they are still due.
    Where one fails, as where something that stays refers to a row, the others go on; of that group
    each row is tried by itself.
    between: called before each group; what it raises ends the run there.
    Raises RetentionError at the end where rows are left that should have gone.
    """
    counts: dict[str, int] = {}
    failed: dict[str, int] = {}
    for each in find_due_rows():
        label = each.model._meta.label
        for part in _groups(each.keys):
            between()
            gone, left = _end_as_far_as_possible(actor, each.model, part)
            counts[label] = counts.get(label, 0) + gone
            if left:
                failed[label] = failed.get(label, 0) + left
    if failed:
        raise RetentionError(failed, counts)
    return counts


class RetentionError(RuntimeError):
    """Rows are past their period and could not be destroyed; the others were.

    left: how many, by table. counts: what was destroyed, by table.
    """

    def __init__(self, left: Mapping[str, int], counts: Mapping[str, int]) -> None:
        told = ", ".join(f"{label}: {number}" for label, number in sorted(left.items()))
        super().__init__(f"could not be destroyed: {told}")
        self.left, self.counts = dict(left), dict(counts)


def _end_as_far_as_possible(
    actor: Actor, model: type[Model], keys: tuple[Any, ...]
) -> tuple[int, int]:
    """How many of these rows were destroyed, and how many could not be."""
    try:
        return _end(actor, model, keys), 0
    except (DeniedError, OperationalError):  # of no row the fault
        raise
    except Exception as error:
        log.error("%s could not be destroyed: %s", model._meta.label, describe_error(error))
        if len(keys) == 1:
            return 0, 1
    found = [_end_as_far_as_possible(actor, model, (key,)) for key in keys]
    return sum(gone for gone, _ in found), sum(left for _, left in found)


def _groups(keys: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _end(actor: Actor, model: type[Model], keys: tuple[Any, ...]) -> int:
    declared = model_declaration(model)
    period = period_of(declared.retention)
    assert period is not None  # noqa: S101 - due() gives no others
    with about_register(actor, "privacy.retain") as act:
        rows = rows_past_period(model, declared, period).filter(pk__in=keys)
        still = sorted(set(rows.values_list("pk", flat=True)), key=str)
        going = _free(model, still)
        subjects = people_in(Footprint({model: frozenset(going)}))
        shred_footprint(footprint_of_rows({model: going}))
        own = kind_of_model(model)
        for subject in subjects:
            _erase_if_empty(act, subject, own if subject in going else None)
        act.note(table=model._meta.label, retention=declared.retention)
        act.rows(key for key in going if isinstance(key, UUID))
    return len(going)


def _free(model: type[Model], keys: Iterable[Any]) -> list[Any]:
    """The rows that no hold keeps, neither on whom they are about nor on whom what hangs on them
    is about."""
    every = list(keys)
    if not subjects_on_hold(people_in(footprint_of_rows({model: every}))):
        return every
    return [
        key for key in every if not subjects_on_hold(people_in(footprint_of_rows({model: [key]})))
    ]


def _erase_if_empty(act: Act, subject: UUID, kind: SubjectKind | None) -> None:
    """Erase a subject of which only what hangs on records is left, and no record. kind: where its
    own row has just gone."""
    left = footprint_of(subject)
    if subjects_on_hold(people_in(left) | {subject}):
        return
    if all(_hangs_on(model) for model in (*left.rows, *left.shared)):
        shred_footprint(left)
        destroy_key(act, left, "retention", kind or kind_in(left))


def _hangs_on(model: type[Model]) -> bool:
    return model_declaration(model).retention in ("with_record", "statistics")
