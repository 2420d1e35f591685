"""Questions to the facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from marfa.platform.facts.models import Fact

F = TypeVar("F", bound=Fact)


def known_at(kind: type[F], moment: datetime | None = None) -> QuerySet[F]:
    """The rows that were known at a moment; by default now."""
    rows = kind._base_manager.all()
    if moment is None:
        return rows.filter(replaced_at=None)
    return rows.filter(Q(replaced_at=None) | Q(replaced_at__gt=moment), recorded_at__lte=moment)


def as_of(kind: type[F], day: date, *, known: datetime | None = None) -> QuerySet[F]:
    """What was so on a day, one row a subject at most, as known at a moment (by default now)."""
    rows = known_at(kind, known).filter(valid_from__lte=day)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=day))
