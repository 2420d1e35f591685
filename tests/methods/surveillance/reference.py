"""Answers that the R package surveillance 1.24.1 gave, and simulated series with their truth."""

from __future__ import annotations

import csv
import gzip
import math
import os
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from marfa.methods.surveillance.panel import Floats

FOLDER = Path(os.environ.get("MARFA_REFERENCE_DATA", "/nowhere")) / "warning"
R_FOLDER = FOLDER / "surveillance-r"
CONFLICT = FOLDER / "conflict"
with_reference = pytest.mark.skipif(
    not R_FOLDER.is_dir(), reason="MARFA_REFERENCE_DATA names no folder with recorded answers"
)
COLUMNS = ("t", "observed", "expected", "upperbound", "alarm", "pvalue", "phi", "trend")
NOT_BUILT = ("outbreakP", "bodaDelay")
DATA_SETS = sorted(file.stem[4:] for file in R_FOLDER.glob("exp_*.csv"))


def value(text: str | None) -> float:
    return math.nan if text in (None, "", "NA") else float(text)


@dataclass(frozen=True)
class Recorded:
    """One configuration's answers: columns by name, each (steps, units)."""

    config: str
    units: tuple[str, ...]
    columns: dict[str, Floats]

    @property
    def method(self) -> str:
        return self.config.rsplit("_b", 1)[0] if "_b" in self.family else self.config

    @property
    def family(self) -> str:
        return self.config if self.config.startswith(("farrington", "flexible")) else ""

    @property
    def years(self) -> int | None:
        return int(self.config.rsplit("_b", 1)[1].split("_")[0]) if self.family else None


@lru_cache(maxsize=32)
def recorded(file: Path) -> list[Recorded]:
    rows: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["config"].startswith(NOT_BUILT):
                rows[row["config"]][row["unit"]].append([value(row.get(c)) for c in COLUMNS])
    found = []
    for config, by_unit in rows.items():
        table = np.array(list(by_unit.values())).transpose(2, 1, 0)
        columns = dict(zip(COLUMNS, table, strict=True))
        found.append(Recorded(config, tuple(by_unit), columns))
    return found


@dataclass(frozen=True)
class Simulated:
    """counts, outbreak: (624 weeks, series)."""

    names: tuple[str, ...]
    counts: Floats
    outbreak: Floats


@lru_cache(maxsize=1)
def simulated() -> Simulated:
    counts: dict[str, list[float]] = defaultdict(list)
    outbreak: dict[str, list[float]] = defaultdict(list)
    with gzip.open(R_FOLDER / "sim_dev_series.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            counts[row["series"]].append(float(row["count"]))
            outbreak[row["series"]].append(float(row["outbreak_cases"]))
    names = tuple(counts)
    return Simulated(
        names, np.array([counts[n] for n in names]).T, np.array([outbreak[n] for n in names]).T
    )


def detected(probability: Floats, outbreak: Floats, rate: float) -> Floats:
    """Which series are detected at the threshold that gives this rate of false alarms."""
    quiet = outbreak == 0
    ordered = np.sort(probability[quiet])
    threshold = ordered[int(rate * len(ordered) + 1e-9)]
    return np.asarray(((probability < threshold) & ~quiet).any(axis=0), dtype=float)
