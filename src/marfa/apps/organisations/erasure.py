"""What else tells of an erased subject by its key: to whom its record was open."""

from __future__ import annotations

from django.db.models import QuerySet

from marfa.apps.organisations.models import AccessGrant
from marfa.safeguards.fields.footprint import Footprint
from marfa.safeguards.fields.shredder import Shredder


class OpeningShredder(Shredder):
    """Deletes the openings of the subject's record to guest partners, whatever its kind."""

    code = "openings"

    def found(self, footprint: Footprint) -> int:
        return _rows(footprint).count()

    def shred(self, footprint: Footprint) -> int:
        return _rows(footprint).delete()[0]


def _rows(footprint: Footprint) -> QuerySet[AccessGrant]:
    if footprint.subject is None:
        return AccessGrant.objects.none()
    return AccessGrant.objects.filter(object_id=footprint.subject)
