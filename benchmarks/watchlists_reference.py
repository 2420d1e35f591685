"""Whom nomenklatura's logic-v2 puts first, for benchmarks/watchlists.py; in its own environment.

Reads one JSON object from standard input: ``list`` of ``[reference, names]`` and ``queries`` of
``[reference, name]``. Writes how many queries put their reference first, over all entries.

    python3 -m venv references
    references/bin/pip install "nomenklatura==4.17.4" "rapidfuzz==3.14.6"
"""

from __future__ import annotations

import json
import sys
from itertools import count

from followthemoney import model
from followthemoney.proxy import EntityProxy
from nomenklatura.matching import get_algorithm

_ids = count()


def _person(names: list[str]) -> EntityProxy:
    # The matcher caches by id: each entity needs one of its own.
    data = {"id": f"e{next(_ids)}", "schema": "Person", "properties": {"name": names}}
    return model.get_proxy(data)


def main() -> None:
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        sys.exit("logic-v2 is not there")
    config = algorithm.default_config()
    given = json.load(sys.stdin)
    listed = [(reference, _person(names)) for reference, names in given["list"]]
    first = 0
    for reference, name in given["queries"]:
        asked = _person([name])
        scores = ((algorithm.compare(asked, each, config).score, key) for key, each in listed)
        first += max(scores)[1] == reference
    print(first)


if __name__ == "__main__":
    main()
