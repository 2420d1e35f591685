"""The tables of the duties to children."""

from marfa.apps.children.models.duties import Duty, DutyStep
from marfa.apps.children.models.rosters import (
    DutyContact,
    DutyHours,
    ProtectionAuthority,
    SiteHoliday,
)

__all__ = [
    "Duty",
    "DutyContact",
    "DutyHours",
    "DutyStep",
    "ProtectionAuthority",
    "SiteHoliday",
]
