"""Which role belongs to which desk, and which roles one person may not hold together."""

from __future__ import annotations

from django.conf import settings

from marfa.domain.desks import DESK_OF_ROLE, Desk
from marfa.safeguards.words import Role

DESK_OF: dict[Role, Desk] = {Role(role): desk for role, desk in DESK_OF_ROLE.items()}

WHOLE_INSTALLATION = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER})
"""Held at the controller, for all of it: accounts, keys and the log have no site."""


def first_role_at(desk: Desk) -> Role:
    """The role that makes up a desk where nothing more is known: the first in its list."""
    return next(role for role, where in DESK_OF.items() if where is desk)


def roles_here() -> tuple[Role, ...]:
    """The roles that can be granted: those of the desks that this installation has."""
    return tuple(role for role, desk in DESK_OF.items() if desk in settings.DESKS)


def role_side(role: Role) -> Role | None:
    """Who looks after accounts, and who watches over the data, does neither work with the data
    nor each other's: such a role is a side of its own, and all others are one."""
    return role if role in WHOLE_INSTALLATION else None
