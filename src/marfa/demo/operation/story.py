"""What is to come of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from marfa.apps.cases.models import Case
from marfa.demo.operation.staff import SiteStaff
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class Plan:
    """What is to come of a case. closes: after how many days; None: it is open at the end.
    referrals: how each ends. never_found: a place is looked for and not found. late: a contact is.
    refuses: the person does not want that a clinic is told."""

    closes: int | None
    referrals: Sequence[str] = ()
    authority: str = ""
    no_place: bool = False
    never_found: bool = False
    late: bool = False
    refuses: bool = False


@dataclass
class Story:
    """One case. opened: when; worker: who is responsible. plan: what is to come of it."""

    case: UUID
    place: SiteStaff
    worker: Actor
    opened: datetime
    draw: Random
    plan: Plan
    child: bool = False
    contacts: int = 0

    def now(self) -> Case:
        """The case as it stands."""
        return Case.objects.select_related("person__site", "site").get(pk=self.case)
