"""The register of the figures of sites: what was shown stands with the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.organisations.models import Organisation

if TYPE_CHECKING:
    from marfa.methods.disclosure.releases import Released

PEOPLE = "people"
"""The population: everybody present at the sites of the organisation."""

RELEASES = "releases"
DAYS = 3
"""Snapshots that are attacked together with a new one."""


class SnapshotRegister:
    """A ``Register`` of one organisation. ``add`` keeps tables until the snapshot is stored with
    ``stored``, in the transaction that shows them."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._added: list[Released] = []

    def populations(self) -> Sequence[str]:
        """The one population."""
        return (PEOPLE,)

    def releases(self, population: str) -> Sequence[Released]:
        """The tables of the latest snapshots, the oldest first."""
        from marfa.methods.disclosure.releases.register import release_from_json

        rows = SiteSnapshot.objects.filter(organisation=self._organisation, site=None)
        latest = list(rows.order_by("-made_at").values_list("figures", flat=True)[:DAYS])
        return [
            release_from_json(data)
            for figures in reversed(latest)
            for data in figures.get(RELEASES, ())
            if population == PEOPLE
        ]

    def add(self, population: str, releases: Sequence[Released]) -> None:
        """Note tables as shown."""
        if population == PEOPLE:
            self._added = list(releases)

    def stored(self) -> list[dict[str, object]]:
        """What stands with the snapshot."""
        from marfa.methods.disclosure.releases.register import release_as_json

        return [release_as_json(release) for release in self._added]
