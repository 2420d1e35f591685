"""The app's part of a demonstration: the first snapshots."""

from __future__ import annotations

from marfa.apps.figures.snapshots import make_snapshots
from marfa.apps.manifest import Desk
from marfa.apps.registry.demo import find_operation
from marfa.platform.rowsecurity.context import row_context


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The sites as they stand when everybody has come."""
    known = find_operation()
    if known is None:
        return
    with row_context(known.boss.organisations):
        make_snapshots(actor=known.boss, organisation=known.came[0][0].organisation)
