"""Questions about sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.leaflets.packs import Leaflet
from marfa.apps.materials.models import PrintBatch
from marfa.apps.materials.wording import digest_numbers, numbers_of, wordings
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.workplaces import sites_where
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose, Role

ORDER, COUNT = "materials.order", "materials.count"
PURPOSE = Purpose.COORDINATION
GIVE = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
FEW = 5
"""Counts below it are not shown: with few contacts one of them might be known."""
SHOWN = 200
Kind = tuple[UUID, str]
"""Key of a site, and the material."""


@dataclass(frozen=True)
class Shown:
    """A batch with what may be said of it. code: in groups. language: its own name.
    contacts: None where there are few. outdated: its words or numbers have changed since it was
    printed."""

    batch: PrintBatch
    code: str
    language: str
    contacts: int | None
    outdated: bool


def places_to_give(actor: Actor) -> list[Resource]:
    """The organisations for which somebody works with people."""
    return [
        organisation_resource(each)
        for each in Organisation.objects.filter(pk__in=list(actor.organisations))
    ]


def sites_to_print(actor: Actor) -> list[Site]:
    """Where somebody may have sheets printed."""
    sites = sites_where(actor, GIVE, by_team=True)
    return list(sites.select_related("organisation"))


def batches_of(actor: Actor) -> QuerySet[PrintBatch]:
    """The batches of the organisations for which somebody works, the newest first."""
    rows = PrintBatch.objects.filter(organisation__in=list(actor.organisations))
    return rows.select_related("site", "organisation").order_by("-month", "-printed_at", "pk")


def find_batch(actor: Actor, code: str) -> PrintBatch | None:
    """The batch that has a code; None where none has."""
    return batches_of(actor).filter(code=code).first()


def shown_batches(actor: Actor) -> list[Shown]:
    """Batches with what may be said of them."""
    rows = list(batches_of(actor)[:SHOWN])
    packs, kinds = wordings(), {_kind(row): row for row in rows}
    digests = {kind: _digest(row) for kind, row in kinds.items()}
    return [_shown(row, packs, digests) for row in rows]


def shown_batch(batch: PrintBatch) -> Shown:
    """The same of one batch."""
    return _shown(batch, wordings(), {_kind(batch): _digest(batch)})


def _shown(row: PrintBatch, packs: Mapping[str, Leaflet], digests: Mapping[Kind, str]) -> Shown:
    pack = packs.get(row.language)
    outdated = pack is None or row.words != pack.version or row.numbers != digests[_kind(row)]
    return Shown(
        row,
        format_code(row.code),
        pack.name if pack else row.language,
        row.contacts if row.contacts >= FEW else None,
        outdated,
    )


def _kind(row: PrintBatch) -> Kind:
    return row.site_id, row.material


def _digest(row: PrintBatch) -> str:
    try:
        return digest_numbers(numbers_of(row.site, row.material))
    except InputError:
        return ""
