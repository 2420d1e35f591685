"""Which role belongs to which desk, and which roles one person may not hold together."""

from __future__ import annotations

from django.conf import settings

from marfa.apps.registry import Desk
from marfa.safeguards.words import Role

DESK_OF: dict[Role, Desk] = {
    Role.RECEPTION_OFFICER: Desk.RECEPTION,
    Role.CASE_WORKER: Desk.PROTECTION,
    Role.SUPERVISOR: Desk.PROTECTION,
    Role.FOCAL_POINT: Desk.PROTECTION,
    Role.INVESTIGATOR: Desk.INVESTIGATIONS,
    Role.EVIDENCE_CUSTODIAN: Desk.INVESTIGATIONS,
    Role.FINANCE_ANALYST: Desk.FINANCE,
    Role.SANCTIONS_OFFICER: Desk.SANCTIONS,
    Role.STATISTICIAN: Desk.REPORTING,
    Role.COORDINATOR: Desk.COORDINATION,
    Role.ADMINISTRATOR: Desk.ADMINISTRATION,
    Role.DATA_PROTECTION_OFFICER: Desk.ADMINISTRATION,
}

WHOLE_INSTALLATION = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER})
"""Held at the controller, for all of it: accounts, keys and the log have no site."""


def first_role_at(desk: Desk) -> Role:
    """The role that makes up a desk where nothing more is known: the first in its list."""
    return next(role for role, where in DESK_OF.items() if where is desk)


def roles_here() -> tuple[Role, ...]:
    """The roles that can be granted: those of the desks that this installation has."""
    desks = set(settings.FOLDER.instance.desks)
    return tuple(role for role, desk in DESK_OF.items() if desk in desks)


def side(role: Role) -> Role | None:
    """Who looks after accounts, and who watches over the data, does neither work with the data
    nor each other's: such a role is a side of its own, and all others are one."""
    return role if role in WHOLE_INSTALLATION else None
