"""Who was affected: worked out from the log and the keys of people, each time anew.

The log names every reading of an identity with the person's key (rule 9 of the charter). What a
bulk action touched without naming each person is counted apart, so that nobody takes the list for
more than it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.incidents.models import Incident
from marfa.domain.codelists import codelist
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.models import SubjectKey
from marfa.safeguards.words import Tier

TIERS: tuple[tuple[str, Tier], ...] = (
    ("sealed.open", Tier.SEALED),
    ("cases.", Tier.SENSITIVE),
    ("records.", Tier.SENSITIVE),
    ("compelled_acts.", Tier.SENSITIVE),
    ("evidence.", Tier.SENSITIVE),
    ("disclosures.", Tier.SENSITIVE),
    ("exports.", Tier.SENSITIVE),
    ("privacy.access", Tier.SENSITIVE),
    ("people.see", Tier.CODED),
    ("people.", Tier.PERSONAL),
)
"""What an action shows at most, by the beginning of its code; of others, codes."""
ORDER = list(Tier)


@dataclass(frozen=True)
class Affected:
    """The answer. tiers: people by the most harmful tier that was seen of them, the worst first.

    unnamed: rows that bulk actions touched without naming the people.
    """

    people: dict[UUID, Tier]
    entries: int
    unnamed: int

    @property
    def tiers(self) -> list[tuple[Tier, int]]:
        found = Counter(self.people.values())
        return [(tier, found[tier]) for tier in reversed(ORDER) if found[tier]]


def affected_by(incident: Incident) -> Affected:
    """The people whose data may have been seen in the time of an incident."""
    if scope_of(incident) == "everybody":
        keys = SubjectKey.objects.order_by("subject").values_list("subject", flat=True)
        return Affected(dict.fromkeys(keys, Tier.SENSITIVE), 0, 0)
    people: dict[UUID, Tier] = {}
    entries = unnamed = 0
    for subject, action, rows in _seen(incident):
        entries += 1
        if subject is None:
            unnamed += rows if rows > 1 else 0
        else:
            people[subject] = max(
                people.get(subject, Tier.SYSTEM), tier_of(action), key=ORDER.index
            )
    return Affected(people, entries, unnamed)


def scope_of(incident: Incident) -> str:
    """``log`` or ``everybody``."""
    return str(codelist("incident_kinds").entry(incident.kind).attributes["scope"])


def tier_of(action: str) -> Tier:
    """What an action shows at most."""
    return next((tier for head, tier in TIERS if action.startswith(head)), Tier.CODED)


def _seen(incident: Incident) -> Iterator[tuple[UUID | None, str, int]]:
    return entries_of(incident).values_list("subject_id", "action", "rows").iterator(2000)


def entries_of(incident: Incident) -> QuerySet[Entry]:
    """What was done in the time and came to its end, by the account where one is named; each
    moment of the first and the last second included. An end of the time that is not known leaves
    nothing out."""
    within = Q(outcome="done")
    if incident.began_at is not None:
        within &= Q(at__gte=incident.began_at)
    if incident.ended_at is not None:
        within &= Q(at__lte=incident.ended_at)
    if incident.account is not None:
        within &= Q(actor_id=incident.account)
    return Entry.objects.filter(within & (Q(subject_id__isnull=False) | Q(rows__gt=1)))
