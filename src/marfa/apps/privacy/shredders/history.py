"""What records were before, and what somebody typed about them and did not send."""

from __future__ import annotations

from django.db.models import QuerySet

from marfa.platform.revisions.models import Draft, Revision
from marfa.safeguards.fields.footprint import Footprint, split_keys
from marfa.safeguards.fields.shredder import Shredder


class HistoryShredder(Shredder):
    """Deletes the revisions of the rows, and the drafts about them by anybody."""

    code = "history"

    def found(self, footprint: Footprint) -> int:
        return sum(rows.count() for rows in _rows(footprint))

    def shred(self, footprint: Footprint) -> int:
        return sum(rows.delete()[0] for rows in _rows(footprint))


def _rows(footprint: Footprint) -> list[QuerySet[Revision] | QuerySet[Draft]]:
    found: list[QuerySet[Revision] | QuerySet[Draft]] = []
    for keys in split_keys(footprint.keys):
        found.append(Revision.objects.filter(object_id__in=keys))
        found.append(Draft.objects.filter(subject__in=[str(key) for key in keys]))
    return found
