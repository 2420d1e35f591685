"""Writing to the log."""

from __future__ import annotations

from collections.abc import Sequence

from marfa.safeguards.audit.event import Event


def append(events: Sequence[Event]) -> None:
    """Append to the chain, as the last statement of the transaction that is open.

    Raises RuntimeError outside a transaction.
    """
    raise NotImplementedError
