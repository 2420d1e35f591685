"""What else tells of an erased subject by its key: who worked on its record, who was shut out of
it, and to whom it was open."""

from __future__ import annotations

from django.db.models import QuerySet

from marfa.apps.organisations.models import AccessGrant, Assignment, Exclusion
from marfa.apps.organisations.models.access import AboutObject
from marfa.safeguards.fields.footprint import Footprint
from marfa.safeguards.fields.shredder import Shredder

TABLES: tuple[type[AboutObject], ...] = (AccessGrant, Assignment, Exclusion)


class OpeningShredder(Shredder):
    """Deletes who had to do with the subject's record, whatever its kind."""

    code = "openings"

    def found(self, footprint: Footprint) -> int:
        return sum(rows.count() for rows in _rows(footprint))

    def shred(self, footprint: Footprint) -> int:
        return sum(rows.delete()[0] for rows in _rows(footprint))


def _rows(footprint: Footprint) -> list[QuerySet[AboutObject]]:
    if footprint.subject is None:
        return []
    return [table._default_manager.filter(object_id=footprint.subject) for table in TABLES]
