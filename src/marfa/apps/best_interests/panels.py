"""What a determination needs before a panel meets, and before it is decided."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.best_interests.matters import WITHOUT_PANEL
from marfa.apps.best_interests.models import Determination, PanelMember
from marfa.domain.message import Message

LEAST_OPTIONS = 2
LEAST_MEMBERS = 2
LEAST_AGENCIES = 2


def counting(row: Determination) -> list[PanelMember]:
    """Members who stood back from nothing."""
    return [each for each in row.members.all() if not each.stood_back and not each.has_conflict]


def missing_of(row: Determination, *, chair: UUID | None = None) -> list[Message]:
    """All that is missing, said before anybody tries. chair: who is about to decide; None before
    it is put before the panel. Within an open vault."""
    if row.matter in WITHOUT_PANEL:
        return []
    found: list[Message] = []
    if row.options.count() < LEAST_OPTIONS:
        found.append(Message("apps.best_interests:two-options"))
    if row.view_how == Determination.ViewHow.NOT_YET:
        found.append(Message("apps.best_interests:child-not-heard"))
    if chair is None:
        return found
    members = counting(row)
    if len(members) < LEAST_MEMBERS or len({each.agency_id for each in members}) < LEAST_AGENCIES:
        found.append(Message("apps.best_interests:no-quorum"))
    if chair not in {each.user for each in members}:
        found.append(Message("apps.best_interests:chair-on-panel"))
    if not row.weighed:
        found.append(Message("apps.best_interests:not-weighed"))
    return found
