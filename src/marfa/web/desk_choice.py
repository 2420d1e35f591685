"""With which desks a process works: those of its installation, or those that it is about to have.

A desk is added before the folder says so; the process that does it works with the new one. No
server does: what is chosen ends with the process that chose it.
"""

from __future__ import annotations

from collections.abc import Collection

from marfa.domain.desks import Desk, check_desks
from marfa.platform.datafolder import Instance

_chosen: tuple[Desk, ...] | None = None


def choose_desks(desks: Collection[str]) -> None:
    """Choose for this process, before Django is set up; raises InputError for desks that may not
    share a database."""
    global _chosen
    check_desks(desks)
    _chosen = tuple(desk for desk in Desk if desk in desks)


def desks_for(instance: Instance) -> tuple[Desk, ...]:
    """What was chosen, or else the desks of an installation."""
    if _chosen is not None:
        return _chosen
    return tuple(desk for desk in Desk if desk in instance.desks)
