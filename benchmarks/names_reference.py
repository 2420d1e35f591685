"""Scores of other people's matchers, for benchmarks/names.py; runs in an environment of its own.

Reads JSON lines ``[kind, left, right]`` on standard input; writes one JSON line for each:
``[logic_v2, token_set]``. logic-v2 is nomenklatura's matcher; token_set is RapidFuzz's
token_set_ratio on names made ASCII with normality (ICU).

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
from normality import ascii_text
from rapidfuzz.fuzz import token_set_ratio

_ids = count()


def _entity(kind: str, name: str) -> EntityProxy:
    schema = kind if kind in ("Person", "Company", "Organization", "Vessel") else "LegalEntity"
    # The matcher caches by id: each entity needs one of its own.
    data = {"id": f"e{next(_ids)}", "schema": schema, "properties": {"name": [name]}}
    return model.get_proxy(data)


def _plain(name: str) -> str:
    return (ascii_text(name) or "").lower()


def main() -> None:
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        sys.exit("logic-v2 is not there")
    config = algorithm.default_config()
    for line in sys.stdin:
        kind, left, right = json.loads(line)
        result = algorithm.compare(_entity(kind, left), _entity(kind, right), config)
        ratio = token_set_ratio(_plain(left), _plain(right)) / 100
        print(json.dumps([result.score, ratio]), flush=False)


if __name__ == "__main__":
    main()
