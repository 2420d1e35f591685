"""The register of the figures of sites: what was shown stands with the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.organisations.models import Organisation

if TYPE_CHECKING:
    from marfa.methods.disclosure.releases import Past, Released

PEOPLE, TALKS = "people", "talks"
"""The populations: everybody present at the sites of the organisation, and the talks held there."""

RELEASES, PAST = "releases", "past"


class SnapshotRegister:
    """A ``Register`` of one organisation, for tables without end: the latest snapshot holds what is
    left of all before. ``keep`` holds what is new until the snapshot is stored with ``stored``, in
    the transaction that shows it."""

    def __init__(self, organisation: Organisation) -> None:
        rows = SiteSnapshot.objects.filter(organisation=organisation, site=None)
        latest = rows.order_by("-made_at").values_list("figures", flat=True).first() or {}
        self._known: dict[str, Past] = {}
        self._latest = latest

    def populations(self) -> Sequence[str]:
        """The two populations."""
        return (PEOPLE, TALKS)

    def releases(self, population: str) -> Sequence[Released]:
        """The tables that were shown last."""
        return self.past(population).last

    def past(self, population: str) -> Past:
        """All that was ever shown, as far as it matters for what comes."""
        # What hides is heavy, and every command and page knows this module.
        from marfa.methods.disclosure.releases import Past, past_from_text
        from marfa.methods.disclosure.releases.register import release_from_json

        if population in self._known:
            return self._known[population]
        told = self._latest.get(RELEASES, {})
        if isinstance(told, list):
            # By the first way of counting the snapshot held the tables of people alone. They are
            # the first day of the row that begins now; days before them are no part of it.
            told = {PEOPLE: told}
        data = told.get(population)
        if not data:
            return Past()
        last = [release_from_json(each) for each in data]
        if PAST not in self._latest:
            return Past(tuple(last))
        return past_from_text(self._latest[PAST][population], last)

    def keep(self, population: str, past: Past) -> None:
        """Note what is shown now."""
        self._known[population] = past

    def stored(self) -> dict[str, object]:
        """What stands with the snapshot."""
        from marfa.methods.disclosure.releases.register import release_as_json

        pasts = {name: self.past(name) for name in self.populations()}
        return {
            RELEASES: {
                name: [release_as_json(r) for r in past.last] for name, past in pasts.items()
            },
            PAST: {name: past.as_text() for name, past in pasts.items()},
        }
