"""What a new file of a list must hold before it takes the place of the one in use.

Nothing here can prove that a publisher wrote a file. It finds what careless hands and broken
connections do, and the grossest of what malice does: a file that ends early, says a number of
entries that it does not have, has an entry twice, is older than the one in use, has lost much of
it, or lists the same references under other names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marfa.methods.names import normalise
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.formats.list_file import Listing, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from marfa.methods.watchlists.store import Version

SHARE_LEFT = 0.75
"""A list that has less than this of the entries before is much smaller. The largest loss known of
the United Nations list (2018 to 2024) left 0.80 in six years."""
SHARE_RENAMED = 0.25
"""More of the primary names than this do not change at once; of the 869 entries that the United
Nations list of 2026 shares with that of 2024 one did."""
FEWEST_RENAMED = 12
MOST_ENTRIES = 2_000_000


@dataclass
class Counted:
    """What was seen of a listing: entries by kind, and the name of each reference."""

    kinds: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def count_entries(listing: Listing, counted: Counted) -> Iterator[Entry]:
    """The entries of a listing, each looked at as it passes. Raises InputError for a reference that
    stands there twice."""
    for entry in listing.entries:
        if entry.reference in counted.names:
            raise refusal(listing.source, "reference-twice", reference=entry.reference)
        if len(counted.names) >= MOST_ENTRIES:
            raise refusal(listing.source, "entries-many", most=MOST_ENTRIES)
        counted.names[entry.reference] = entry.name
        counted.kinds[entry.kind] = counted.kinds.get(entry.kind, 0) + 1
        yield entry


def check_against(
    source: Path,
    listing: Listing,
    counted: Counted,
    before: tuple[Version, Mapping[str, str]] | None,
    *,
    accept_smaller: bool,
) -> None:
    """Raises InputError where a listing that was read to its end may not be taken.

    before: the version in use and the names of its references.
    """
    found = len(counted.names)
    if not found:
        raise refusal(source, "list-empty")
    if listing.stated is not None and listing.stated != found:
        raise refusal(source, "count-differs", stated=listing.stated, found=found)
    if before is None:
        return
    version, names = before
    if listing.dated and listing.dated < version.dated:
        raise refusal(source, "list-older", dated=listing.dated, before=version.dated)
    if not accept_smaller:
        _check_size(source, counted, version)
    _check_names(source, counted, names)


def _check_size(source: Path, counted: Counted, version: Version) -> None:
    found, before = len(counted.names), sum(version.counts.values())
    if found < SHARE_LEFT * before:
        raise refusal(source, "list-smaller", found=found, before=before)
    for kind, number in version.counts.items():
        if number >= 10 and not counted.kinds.get(kind):
            raise refusal(source, "list-kind-gone", kind=kind, before=number)


def _check_names(source: Path, counted: Counted, names: Mapping[str, str]) -> None:
    both = names.keys() & counted.names.keys()
    renamed = [r for r in both if normalise(names[r]) != normalise(counted.names[r])]
    if len(renamed) > max(FEWEST_RENAMED, SHARE_RENAMED * len(both)):
        raise refusal(source, "list-renamed", renamed=len(renamed), common=len(both))
    if both or len(names) < FEWEST_RENAMED:
        return
    raise refusal(source, "list-other", before=len(names))
