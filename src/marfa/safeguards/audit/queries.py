"""Questions to the log."""

from __future__ import annotations

from django.db import connection

from marfa.safeguards.audit import chain
from marfa.safeguards.audit.models import Entry


def ends() -> dict[int, tuple[int, bytes]]:
    """Of each lane that has entries: how many, and the hash of the last."""
    marks = [
        f"SELECT place, hash FROM (SELECT place, hash FROM audit_entry"  # noqa: S608 - numbers
        f" WHERE place >= {chain.place(lane, 0)} AND place < {(lane + 1) << chain.LANE_SHIFT}"
        f" ORDER BY place DESC LIMIT 1) AS lane{lane}"
        for lane in range(chain.LANES)
    ]
    # One statement and so one moment, for all lanes.
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(marks))
        found = cursor.fetchall()
    return {
        chain.lane_of(place): (chain.sequence_of(place) + 1, bytes(last)) for place, last in found
    }


def hash_at(place: int) -> bytes | None:
    """The hash of one entry; None where there is none."""
    found = Entry.objects.filter(place=place).values_list("hash", flat=True).first()
    return None if found is None else bytes(found)
