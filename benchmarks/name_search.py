"""Finding by name: how long the index takes to build, to answer, and what it finds.

    python benchmarks/name_search.py [--people 20000] [--queries 300]

People are generated (made_names.py). The index is asked as the process asks it.
The reference, in the same run, is a full scan of RapidFuzz's token_sort_ratio over the normalised
names. Recall is measured on planted variants of spelling. They are mild, and about a fifth of them
change nothing: 1.0 there says little.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from uuid import UUID

from rapidfuzz import fuzz, process

from made_names import Names, variant
from marfa.apps.name_search.builder import Builder
from marfa.apps.name_search.entries import Entry
from marfa.apps.name_search.index import Holding
from marfa.apps.name_search.protocol import Scope
from marfa.methods.names import normalise

ORGANISATION = UUID(int=1)
SITES = [UUID(int=100 + n) for n in range(20)]


def people(count: int, seed: int = 7) -> list[Entry]:
    """So many people with one or two names each."""
    names = Names(random.Random(seed))
    return [
        Entry(UUID(int=1000 + n), ORGANISATION, SITES[n % len(SITES)], False, names.of_one())
        for n in range(count)
    ]


class Generated:
    """A source of people in memory, in batches as the database gives them."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def total(self) -> int:
        return len(self.entries)

    def batches(self) -> Iterator[Sequence[Entry]]:
        for start in range(0, len(self.entries), 1000):
            yield self.entries[start : start + 1000]

    def of(self, subjects: object) -> Sequence[Entry]:
        return ()


def milliseconds(times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"p50 {1000 * statistics.median(ordered):.1f} ms, p95 {1000 * p95:.1f} ms"


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=300)
    given = parser.parse_args()
    entries = people(given.people)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    holding = Holding()
    builder = Builder(holding, lambda: [Generated(entries)])
    wall, cpu = time.perf_counter(), time.process_time()
    builder.build()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    names = sum(len(entry.names) for entry in entries)
    print(f"people {len(entries)}, names {names}")
    print(f"building {wall:.1f} s ({cpu:.1f} s of processor), {memory:.0f} MiB more")
    rng = random.Random(11)
    sought = rng.sample(entries, given.queries)
    queries = [(variant(entry.names[0], rng), entry) for entry in sought]
    for title, scope in (
        ("everywhere", Scope(ORGANISATION)),
        ("one site of twenty", None),
    ):
        times, found = [], 0
        for query, entry in queries:
            here = scope or Scope(ORGANISATION, frozenset({entry.site or SITES[0]}))
            started = time.perf_counter()
            hits, _protected = holding.find(query, [here], 60)
            times.append(time.perf_counter() - started)
            found += any(hit.subject == entry.subject for hit in hits)
        print(f"{title}: {milliseconds(times)}; planted variant among 60: {found / len(times):.3f}")
        if scope is not None:
            ours = statistics.median(times)
    texts = [normalise(name) for entry in entries for name in entry.names]
    owners = [entry.subject for entry in entries for _name in entry.names]
    times, found = [], 0
    for query, entry in queries[: max(10, given.queries // 10)]:
        started = time.perf_counter()
        best = process.extract(normalise(query), texts, scorer=fuzz.token_sort_ratio, limit=60)
        times.append(time.perf_counter() - started)
        found += any(owners[place] == entry.subject for _text, _score, place in best)
    print(f"RapidFuzz full scan: {milliseconds(times)}; among 60: {found / len(times):.3f}")
    print(f"ratio of medians, RapidFuzz to ours: {statistics.median(times) / ours:.1f}")


if __name__ == "__main__":
    main()
