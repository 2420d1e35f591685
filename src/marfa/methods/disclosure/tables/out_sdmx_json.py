"""SDMX-JSON data message: observations in a flat list, values by their place in the structure.

Format: sdmx-twg/sdmx-json, data message of SDMX 2.1 with header, structure and dataSets at its
top, as sdmx1 reads it. SDMX-JSON 1.0 has the same parts inside an envelope (meta, data).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ATTRIBUTES = ("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "CONF_STATUS")
STRUCTURE = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=IAEG-SDGs:SDG(1.0)"
NOT_KEY = frozenset({*ATTRIBUTES, "OBS_VALUE"})


def write_sdmx_json(rows: list[dict[str, str]], path: Path) -> None:
    """Write observations (see ``out_sdmx.observations``); a withheld value is null."""
    names = [name for name in rows[0] if name not in NOT_KEY] if rows else []
    # TIME_PERIOD stands last in the key of the structure.
    names.sort(key=lambda name: name == "TIME_PERIOD")
    lists = {name: sorted({row[name] for row in rows}) for name in (*names, *ATTRIBUTES)}
    place = {name: {v: i for i, v in enumerate(values)} for name, values in lists.items()}
    found: dict[str, list[float | int | None]] = {}
    for row in rows:
        key = ":".join(str(place[name][row[name]]) for name in names)
        value = int(row["OBS_VALUE"]) if row["OBS_VALUE"] else None
        found[key] = [value, *(place[name][row[name]] for name in ATTRIBUTES)]
    dimensions = [
        {
            "id": name,
            "name": name,
            "keyPosition": position,
            "values": [{"id": value, "name": value} for value in lists[name]],
        }
        for position, name in enumerate(names)
    ]
    attributes = [
        {
            "id": name,
            "name": name,
            "relationship": {"primaryMeasure": "OBS_VALUE"},
            "values": [{"id": value, "name": value} for value in lists[name]],
        }
        for name in ATTRIBUTES
    ]
    message: dict[str, Any] = {
        "header": {
            "id": "marfa-16-2-2",
            # When the file was written; nothing is computed from it.
            "prepared": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),  # noqa: TID251
            "test": False,
            "sender": {"id": "ZZZ", "name": "ZZZ"},
        },
        "structure": {
            "name": "SDG indicator 16.2.2",
            "dimensions": {"dataSet": [], "series": [], "observation": dimensions},
            "attributes": {"dataSet": [], "series": [], "observation": attributes},
        },
        "dataSets": [
            {
                "action": "Information",
                "links": [{"rel": "datastructure", "urn": STRUCTURE}],
                "observations": found,
            }
        ],
    }
    path.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")
