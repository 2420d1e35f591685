"""The records of many cases at once: as many queries for two hundred as for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marfa.apps.assistance.models import Help
from marfa.apps.cases.models import Case, ExploitationEpisode, FormalIdentification, Presumption
from marfa.apps.consents.models import Consent
from marfa.apps.referrals.models import ForeignCase, Referral
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose


@dataclass
class Records:
    """One case with what stands about it. Sealed values can be read within ``open_vault()``.

    consent: whether the person agrees to what is done for them; None: nobody asked.
    foreign: where it was read in from a file of somebody else.
    """

    case: Case
    presumed: bool = False
    consent: bool | None = None
    foreign: ForeignCase | None = None
    episodes: list[ExploitationEpisode] = field(default_factory=list)
    formal: list[FormalIdentification] = field(default_factory=list)
    help: list[Help] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)


def records_of(keys: Sequence[UUID]) -> list[Records]:
    """The records of these cases, in this order. Within ``open_vault()``."""
    cases = Case.objects.filter(pk__in=keys).select_related("person", "site").in_bulk()
    found = {key: Records(cases[key]) for key in keys if key in cases}
    people = {each.case.person_id for each in found.values()}
    with open_vault() as vault:
        vault.load(people)
    presumed = Presumption.objects.filter(case__in=keys).values_list("case_id", flat=True)
    for key in presumed:
        found[key].presumed = True
    for name, rows in _rows(keys).items():
        for row in rows:
            getattr(found[row.case_id], name).append(row)
    for foreign in ForeignCase.objects.filter(case__in=keys):
        found[foreign.case_id].foreign = foreign
    agreed = _consents(people)
    for each in found.values():
        each.consent = agreed.get(each.case.person_id)
    return list(found.values())


def _rows(keys: Sequence[UUID]) -> dict[str, Iterable[Any]]:
    models = {
        "episodes": ExploitationEpisode,
        "formal": FormalIdentification,
        "help": Help,
        "referrals": Referral,
    }
    return {name: _of(model, keys) for name, model in models.items()}


def _of(model: type[Any], keys: Sequence[UUID]) -> Iterable[Any]:
    rows: Iterable[Any] = model.objects.filter(case__in=keys).order_by("pk")
    return rows


def _consents(people: Iterable[UUID]) -> dict[UUID, bool]:
    """Whether people agree that the organisation helps them: their newest answer."""
    rows = Consent.objects.filter(
        person__in=list(people), purpose=Purpose.ASSISTANCE.value, recipient=None, successors=None
    )
    newest: dict[UUID, Consent] = {}
    for row in rows.prefetch_related("withdrawals").order_by("at", "pk"):
        newest[row.person_id] = row
    given = Consent.Decision.GIVEN
    return {key: r.decision == given and not r.withdrawals.all() for key, r in newest.items()}
