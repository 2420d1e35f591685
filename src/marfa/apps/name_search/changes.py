"""Changes for the process: told at once where it can, and by the outbox in any case.

Each parcel says of whom, and never what: the process reads them as they are by then. So parcels
may come twice, late, or to a process that has just begun.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from marfa.apps.name_search.client import FinderDownError, finder_client
from marfa.platform.outbox.destinations import register_destination
from marfa.platform.outbox.models import Parcel
from marfa.platform.rowsecurity.ownership import Owner

KIND = "name_search.changed"


class FinderCarrier:
    """Tells the process of a change. While it is down parcels wait, and lose no attempt."""

    def ready(self) -> bool:
        with contextlib.suppress(FinderDownError):
            finder_client().state()
            return True
        return False

    def deliver(self, parcel: Parcel, arguments: Mapping[str, Any]) -> bool:
        """Tell of one person; raises FinderDownError, and is tried again then."""
        finder_client().refresh([arguments["subject"]])
        return True


NAMES = register_destination("names", FinderCarrier())


def _changed(*, subject: UUID) -> None:
    """The arguments of a parcel."""


NAMES.accept(KIND, _changed)


def tell_of_change(subject: UUID, *, owner: Owner, at_once: bool = False) -> None:
    """Within the transaction that changes a person's names, place, protection or existence.

    owner: whose the person is (``owner_of(person)``).
    at_once: tell the process as soon as that is committed, and not when the worker comes to it:
        for whoever must not be found any more.
    """
    NAMES.post(KIND, lane=subject, owner=owner, subject=subject)
    if at_once:
        transaction.on_commit(lambda: _tell_now(subject), robust=True)


def _tell_now(subject: UUID) -> None:
    # Where it is down there is nothing to take out, and the parcel waits for it.
    with contextlib.suppress(FinderDownError):
        finder_client().refresh([subject])
