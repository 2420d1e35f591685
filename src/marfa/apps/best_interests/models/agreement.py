"""Columns of every step for a child that needs a yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GivenBy(models.TextChoices):
    """Who answers for a child."""

    CHILD = "child", _("the child")
    GUARDIAN = "guardian", _("a guardian")
    MANDATE = "mandate", _("the agency with the mandate, by two")


class Answer(models.TextChoices):
    """What was answered."""

    GIVEN = "given", _("said yes")
    REFUSED = "refused", _("said no")


@dataclass(frozen=True)
class Agreement:
    """One answer. basis: key of the capacity note, the representative or the agency's decision;
    a no of the child needs none."""

    by: str
    answer: str
    basis: UUID | None
    at: datetime

    @property
    def is_yes(self) -> bool:
        """Whether it is a yes."""
        return self.answer == Answer.GIVEN

    def columns(self) -> dict[str, Any]:
        """The columns of ``AgreedRow``."""
        return {
            "agreed_by": self.by,
            "agreed_answer": self.answer,
            "agreed_basis": self.basis,
            "agreed_at": self.at,
        }


class AgreedRow(models.Model):
    """Columns of a step that needs a yes. Empty: nobody was asked yet. agreed_at: when asked.

    agreed_basis is a key and no foreign key: what was answered outlives who answered.
    """

    agreed_by = models.CharField(
        _("answered by"), max_length=10, choices=GivenBy.choices, blank=True
    )
    agreed_answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    agreed_basis = models.UUIDField(null=True, editable=False)
    agreed_at = models.DateTimeField(_("asked"), null=True)

    class Meta:
        abstract = True

    @property
    def agreement(self) -> Agreement | None:
        """What was answered; None where nobody was asked."""
        if not self.agreed_by or self.agreed_at is None:
            return None
        return Agreement(self.agreed_by, self.agreed_answer, self.agreed_basis, self.agreed_at)


def agreed_constraints(table: str) -> list[models.CheckConstraint]:
    """The constraints of a table with ``AgreedRow``: an answer says who gave it and when; a yes
    says on what it rests, and the guards of the table look there."""
    return [
        models.CheckConstraint(
            condition=Q(agreed_by="", agreed_answer="", agreed_basis=None, agreed_at=None)
            | Q(agreed_by__in=GivenBy.values, agreed_answer="refused", agreed_at__isnull=False)
            | Q(
                agreed_by__in=GivenBy.values,
                agreed_answer="given",
                agreed_at__isnull=False,
                agreed_basis__isnull=False,
            ),
            name=f"{table}_agreed_whole",
        )
    ]
