"""Candidates of nomenklatura's own index, for benchmarks/names.py; runs in the environment of
names_reference.py.

Reads one JSON document on standard input,
``{"listed": [[key, name], ...], "queries": [name, ...]}``
of persons. Writes one JSON line for each query, in order: the keys that the index proposes, the
best first (at most 75, as it does by default), before any matcher has compared them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker.index import Index
from nomenklatura.resolver import Linker
from nomenklatura.store.memory import MemoryStore


def main() -> None:
    asked = json.load(sys.stdin)
    dataset = Dataset.make({"name": "listed", "title": "Listed"})
    store = MemoryStore(dataset, Linker({}))

    def entities(prefix: str, names: list[tuple[str, str]]) -> Iterator[StatementEntity]:
        for key, name in names:
            properties = {"name": [name]}
            data = {"id": f"{prefix}{key}", "schema": "Person", "properties": properties}
            yield StatementEntity.from_data(dataset, data)

    with store.writer() as writer:
        for entity in entities("l", [(key, name) for key, name in asked["listed"]]):
            writer.add_entity(entity)
    with tempfile.TemporaryDirectory() as folder:
        index = Index(store.view(dataset), Path(folder))
        index.build()
        queries = [(str(number), name) for number, name in enumerate(asked["queries"])]
        found = {
            str(query): [str(key)[1:] for key, _score in matches]
            for query, matches in index.match_entities(entities("q", queries))
        }
        index.close()
    for number, _name in queries:
        print(json.dumps(found.get(f"q{number}", [])))


if __name__ == "__main__":
    main()
