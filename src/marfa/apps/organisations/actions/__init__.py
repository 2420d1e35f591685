"""Changes to organisations: places, roles, and who is let to one object."""

from marfa.apps.organisations.actions.access import (
    assign_user,
    close_to_organisation,
    exclude_from_object,
    lift_exclusion,
    open_to_organisation,
    unassign_user,
)
from marfa.apps.organisations.actions.places import (
    create_organisation,
    create_team,
    end_organisation,
    end_team,
    found_installation,
    join_team,
    leave_team,
    open_site,
)
from marfa.apps.organisations.actions.roles import (
    block_user,
    grant_role,
    lend_role,
    revoke_role,
    take_back_role,
)

__all__ = [
    "assign_user",
    "block_user",
    "close_to_organisation",
    "create_organisation",
    "create_team",
    "end_organisation",
    "end_team",
    "exclude_from_object",
    "found_installation",
    "grant_role",
    "join_team",
    "leave_team",
    "lend_role",
    "lift_exclusion",
    "open_site",
    "open_to_organisation",
    "revoke_role",
    "take_back_role",
    "unassign_user",
]
