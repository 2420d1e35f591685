"""The frame of every kind of fact. Kinds are made by the apps; here stands no table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id
from marfa.platform.facts.columns import COLUMNS, AreaColumn, CodeColumn, CodesColumn, DayColumn
from marfa.platform.facts.columns import Column as Column
from marfa.platform.rowsecurity.ownership import OwnedRows

FRAME = ("id", "organisation", "subject", "valid_from", "valid_until", "recorded_at", "replaced_at")


class Fact(models.Model):
    """What is true of a subject, without saying who it is.

    A row holds for the days ``valid_from`` to before ``valid_until``, and was what we knew from
    ``recorded_at`` to before ``replaced_at``; None is without end. The rows of one subject that
    are known at one moment never overlap in their days.

    organisation: whose the subject is. subject: key of the row that the facts are about. Neither
    leaves the installation.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField(editable=False)
    subject = models.UUIDField(editable=False)
    valid_from = models.DateField(_("valid from"), editable=False)
    valid_until = models.DateField(_("valid until"), null=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["subject", "recorded_at"], name="%(class)s_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="%(class)s_some_day",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gt=F("recorded_at")),
                name="%(class)s_some_moment",
            ),
            models.UniqueConstraint(
                fields=["subject", "valid_from"],
                condition=Q(replaced_at=None),
                name="%(class)s_one_present",
            ),
        ]

    def __str__(self) -> str:
        return f"fact {self.pk}"


class PersonFact(Fact):
    """The columns that every kind about persons shares; a kind adds its flags.

    ``is_child_until`` is the day after which nobody can say any more that the person is a child;
    None where no such day is known, which means: treat as a child.
    """

    owned_rows: ClassVar[OwnedRows | None] = OwnedRows(kind="Person", object_key="subject")

    age_band = CodeColumn(list_name="age_bands")
    is_child_until = DayColumn(null=True, exported="month")
    sex = CodeColumn(list_name="sex")
    admin_area = AreaColumn(null=True)
    conflict_link = CodesColumn(list_name="conflict_link")

    class Meta(Fact.Meta):
        abstract = True


def columns_of(model: type[Fact]) -> dict[str, Column]:
    """The coded columns of a kind by name. Raises TypeError when it has another column."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.attname in FRAME:
            continue
        if not isinstance(field, COLUMNS):
            raise TypeError(f"{model.__name__}.{field.attname} is not a coded column")
        found[field.attname] = field
    return found
