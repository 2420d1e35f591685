"""The columns that a table of rows about anything has, so that each row says whose it is.

Drafts, revisions, deadlines, files and deliveries are about the records of every app. Their own
columns name a record by its key alone; these name the organisation, so that the database keeps
them apart as it keeps the records.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from marfa.platform.rowsecurity.ownership import OwnedRows, Owner

KIND_LENGTH = 60


class OfAnOwner(models.Model):
    """A row that belongs to an organisation, or to the installation where it is about no person.

    organisation: whose it is; NULL for the installation's own.
    about_kind, about_id: the object of the charter that it is about, such as a person, so that
        those to whom the object is open see it too.
    """

    owned_rows = OwnedRows(kind="", object_key="about_id", kind_key="about_kind", unowned=True)

    organisation = models.UUIDField(null=True, editable=False)
    about_kind = models.CharField(max_length=KIND_LENGTH, blank=True, default="", editable=False)
    about_id = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


def says_whose_it_is(name: str) -> models.CheckConstraint:
    """No row about an object is without an owner, and the object is named whole or not at all."""
    return models.CheckConstraint(
        condition=Q(about_kind="", about_id=None)
        | (~Q(about_kind="") & Q(about_id__isnull=False, organisation__isnull=False)),
        name=name,
    )


def columns_for(owner: Owner) -> dict[str, object]:
    """The values of these columns."""
    return {
        "organisation": owner.organisation,
        "about_kind": owner.kind,
        "about_id": owner.key,
    }
