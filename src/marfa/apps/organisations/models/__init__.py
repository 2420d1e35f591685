"""The tables of organisations: places, the roles held there, and who is let to what."""

from marfa.apps.organisations.models.access import AccessGrant, Assignment, Exclusion
from marfa.apps.organisations.models.places import (
    Installation,
    Membership,
    Organisation,
    Site,
    Team,
    check_time_zone,
)
from marfa.apps.organisations.models.roles import Delegation, RoleGrant

__all__ = [
    "AccessGrant",
    "Assignment",
    "Delegation",
    "Exclusion",
    "Installation",
    "Membership",
    "Organisation",
    "RoleGrant",
    "Site",
    "Team",
    "check_time_zone",
]
