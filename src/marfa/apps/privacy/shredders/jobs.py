"""Work in the background and deliveries that name the rows by their keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from uuid import UUID

from marfa.platform.jobs.models import Job
from marfa.platform.outbox.models import Parcel
from marfa.safeguards.fields.footprint import Footprint, split_keys
from marfa.safeguards.fields.shredder import Shredder


class JobShredder(Shredder):
    """Deletes jobs, done and waiting. A worker that is at one of them finds it gone at its end."""

    code = "jobs"

    def found(self, footprint: Footprint) -> int:
        return len(list(_jobs(footprint)))

    def shred(self, footprint: Footprint) -> int:
        keys = list(_jobs(footprint))
        for part in split_keys(keys):
            Job.objects.filter(pk__in=part).delete()
        return len(keys)


class ParcelShredder(Shredder):
    """Deletes deliveries, made and waiting. What was delivered is with its recipient."""

    code = "deliveries"

    def found(self, footprint: Footprint) -> int:
        return len(list(_parcels(footprint)))

    def shred(self, footprint: Footprint) -> int:
        keys = list(_parcels(footprint))
        for part in split_keys(keys):
            Parcel.objects.filter(pk__in=part).delete()
        return len(keys)


def _jobs(footprint: Footprint) -> Iterator[UUID]:
    known = {str(key) for key in footprint.keys}
    for key, arguments, cursor in Job.objects.values_list("pk", "arguments", "cursor").iterator():
        if str(cursor) in known or names_any(arguments, known):
            yield key


def _parcels(footprint: Footprint) -> Iterator[UUID]:
    known = {str(key) for key in footprint.keys}
    for key, arguments, lane in Parcel.objects.values_list("pk", "arguments", "lane").iterator():
        if str(lane) in known or names_any(arguments, known):
            yield key


def names_any(arguments: object, known: Iterable[str]) -> bool:
    """Whether one of the keys stands anywhere in the arguments."""
    text = json.dumps(arguments)
    return any(key in text for key in known)
