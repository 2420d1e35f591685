"""What has to stand before a case goes to a recipient, which the apps above bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models import Case
from marfa.apps.manifest import gather_from_apps
from marfa.domain.message import InputError, Message, Place, Problem


@dataclass(frozen=True)
class MissingDecision:
    """What does not stand. page: address where it is brought about. label: what the link says."""

    said: Message
    page: str
    label: Promise | str


ReferralCondition = Callable[[Case, Recipient, str, str], MissingDecision | None]
"""Of a case, the recipient, kind and purpose of the referral; None where nothing is missing."""


def find_missing_decisions(
    case: Case, recipient: Recipient, kind: str, purpose: str
) -> list[MissingDecision]:
    """All that has to stand before and does not."""
    conditions: tuple[ReferralCondition, ...] = gather_from_apps("referral_conditions")
    found = (each(case, recipient, kind, purpose) for each in conditions)
    return [missing for missing in found if missing is not None]


def check_decisions(case: Case, recipient: Recipient | None, kind: str, purpose: str) -> None:
    """Raises InputError where something has to stand before and does not."""
    if recipient is None:
        return
    if missing := find_missing_decisions(case, recipient, kind, purpose):
        raise InputError(*(Problem(each.said, Place(field="to")) for each in missing))
