"""The figures that are promised, on the labelled names of the reference data."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

from marfa.methods.names import Comparer
from marfa.methods.names.tokens import parse

DATA = os.environ.get("MARFA_REFERENCE_DATA")
PAIRS = Path(DATA or "") / "sanctions" / "pairs"
pytestmark = pytest.mark.skipif(
    not DATA or not PAIRS.is_dir(), reason="MARFA_REFERENCE_DATA is not set"
)


def rows(name: str) -> list[dict[str, str]]:
    with (PAIRS / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def f1(judged: list[tuple[bool, bool]]) -> tuple[float, float]:
    """F1 and recall of (label, match)."""
    both = sum(label and match for label, match in judged)
    recall = both / sum(label for label, _match in judged)
    precision = both / sum(match for _label, match in judged)
    return 2 * precision * recall / (precision + recall), recall


def test_persons_across_scripts() -> None:
    comparer = Comparer()
    cross = ("orig_script_arabic", "orig_script_cyrillic", "hard_negative_orig_script")
    judged = [
        (row["is_match"] == "true", comparer.compare(row["query"], row["name"]).match)
        for row in rows("un_name_pairs_dev.csv")
        if row["kind"] == "individual"
        and (row["category"] in cross or row["category"].endswith("_arabic"))
    ]
    value, recall = f1(judged)
    assert value >= 0.95
    assert recall >= 0.96


def test_name_bench() -> None:
    comparer = Comparer()
    judged = [
        (row["is_match"] == "true", comparer.compare(row["name1"], row["name2"]).match)
        for row in rows("name_bench_dev.csv")
    ]
    assert f1(judged)[0] >= 0.83


def test_variants() -> None:
    """A variant that leaves one part alone (Abdul Rahman of Abdul Rahman Yasin) is no match of a
    longer name; of all others nearly every one is found."""
    comparer = Comparer()
    found: dict[str, list[bool]] = defaultdict(list)
    alone: list[bool] = []
    for row in rows("un_name_pairs_dev.csv"):
        if not row["category"].startswith("mech_"):
            continue
        counts = sorted(parse(row[side]).readings[0].parts for side in ("query", "name"))
        matches = comparer.compare(row["query"], row["name"]).match
        if counts[0] == 1 < counts[1]:
            alone.append(matches)
        else:
            found[row["category"]].append(matches)
    assert len(found) == 10
    low = {name: sum(values) / len(values) for name, values in found.items()}
    assert all(share >= 0.99 for share in low.values()), low
    assert len(alone) > 50
