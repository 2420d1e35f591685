"""Where something can go: mail first, later the name index and webhooks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.db import connection

from marfa.platform import clock
from marfa.platform.arguments import Schema
from marfa.platform.jobs.registry import EVERY_ORGANISATION, JobType, Retry, job
from marfa.platform.jobs.run import Run
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.ownership import Owner
from marfa.platform.rowsecurity.tables import columns_for

RETRY = Retry(attempts=20, first=timedelta(seconds=30), longest=timedelta(hours=6))


class Carrier(Protocol):
    """Brings one parcel where it should go."""

    def ready(self) -> bool:
        """Whether it can deliver at all; where not, parcels wait and lose no attempt."""
        ...

    def deliver(self, parcel: Parcel, arguments: Mapping[str, Any]) -> bool:
        """Deliver; False where it is no longer needed. What it raises is tried again later.

        It may be called again for a parcel that was delivered, when power failed before that
        could be noted; ``parcel.id`` tells the receiver that it is the same one.
        """
        ...


@dataclass
class Destination:
    """A registered destination. Each has a job of its own, so that none waits for another."""

    name: str
    carrier: Carrier
    job: JobType[[]]
    retry: Retry
    kinds: dict[str, Schema]

    def accept(self, kind: str, of: Callable[..., object]) -> None:
        """Say that parcels of a kind may be posted here, with the arguments of a function.

        Raises TypeError for an argument that is not an identifier, or is called ``lane`` or
        ``owner``.
        """
        schema = Schema.of(of)
        if {"lane", "owner"} & set(schema.kinds):
            raise TypeError(f"{kind}: lane and owner are given apart from the arguments")
        self.kinds[kind] = schema

    def post(self, kind: str, *, lane: uuid.UUID, owner: Owner, **arguments: object) -> uuid.UUID:
        """Write a parcel into the current transaction; it is delivered once that is committed.

        lane: parcels with the same lane arrive in the order in which they were posted.
        owner: whose the record is that it tells of (``owner_of(record)``); INSTALLATION where it
        is about no person.
        Raises RuntimeError outside a transaction, NotAnIdentifierError for an argument that is
        not an identifier, KeyError for a kind that is not accepted here.
        """
        if not connection.in_atomic_block:
            raise RuntimeError(f"{kind} is posted outside a transaction")
        now = clock.now()
        parcel = Parcel(
            destination=self.name,
            lane=lane,
            kind=kind,
            arguments=self.kinds[kind].store(arguments),
            created_at=now,
            run_at=now,
            **columns_for(owner),
        )
        parcel.save(force_insert=True)
        self.job.enqueue()
        return parcel.id


_destinations: dict[str, Destination] = {}


def register_destination(name: str, carrier: Carrier, *, retry: Retry = RETRY) -> Destination:
    """Register a destination, or give the registered one another carrier."""
    known = _destinations.get(name)
    if known is not None:
        known.carrier = carrier
        return known

    @job(f"outbox.{name}", once=True, atomic=False, rows=EVERY_ORGANISATION)
    def deliver(run: Run) -> None:
        from marfa.platform.outbox.delivery import deliver_due

        deliver_due(made, run)

    made = Destination(name, carrier, deliver, retry, {})
    _destinations[name] = made
    return made


def all_destinations() -> tuple[Destination, ...]:
    """All registered destinations."""
    return tuple(_destinations.values())
