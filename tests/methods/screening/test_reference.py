"""The shipped facts against the reference tables, where those are at hand."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from marfa.methods.screening import explain
from marfa.methods.screening.delphi import DIMENSIONS, Dimension, Label, label, positive
from marfa.methods.screening.instrument import Item, Strength
from marfa.methods.screening.validity import base_rate, studies
from tests.methods.screening.support import ADULT, CHILD, library

BY_DIMENSION = {
    # ILO/EC 2009, adult labour: 10, 10, 16, 9, 15, 7 items (counts also at seafish.org).
    ADULT: dict(zip(DIMENSIONS, (10, 10, 16, 9, 15, 7), strict=True)),
    CHILD: dict(zip(DIMENSIONS, (10, 10, 15, 8, 15, 7), strict=True)),
}
BY_STRENGTH = {
    ADULT: {Strength.STRONG: 7, Strength.MEDIUM: 53, Strength.WEAK: 7},
    CHILD: {Strength.STRONG: 15, Strength.MEDIUM: 50},
}
LABELS = {
    "presumed victim of trafficking": Label.PRESUMED_VICTIM,
    "deception and exploitation": Label.DECEPTION,
    "labour exploitation": Label.EXPLOITATION,
    "no exploitation found": Label.NO_EXPLOITATION,
}


def standards() -> Path:
    root = os.environ.get("MARFA_REFERENCE_DATA")
    for folder in (Path(root or ".") / "standards", Path(root or ".").parent / "standards"):
        if root and (folder / "screening-indicators.csv").is_file():
            return folder
    pytest.skip("the reference tables are not at hand (MARFA_REFERENCE_DATA)")


def rated(name: str) -> list[Item]:
    return [i for i in library().instrument(name).items if i.dimension in DIMENSIONS]


@pytest.mark.parametrize("name", [ADULT, CHILD])
def test_counts_are_the_published_ones(name: str) -> None:
    assert Counter(item.dimension for item in rated(name)) == BY_DIMENSION[name]
    assert Counter(item.strength for item in rated(name)) == BY_STRENGTH[name]


def test_every_indicator_is_carried_with_its_strength_and_dimension() -> None:
    with (standards() / "screening-indicators.csv").open(encoding="utf-8") as stream:
        reference = {row["id"]: row for row in csv.DictReader(stream)}
    ours = {
        item.reference: item
        for name in library().names()
        for item in library().instrument(name).items
        if item.reference
    }
    assert set(ours) == set(reference)
    assert len(ours) == 245
    for identity, row in reference.items():
        item = ours[identity]
        if row["strength"] in ("strong", "medium", "weak"):
            assert item.strength == row["strength"], identity
            assert item.dimension == row["dimension"], identity
        else:
            assert item.strength is Strength.UNRATED, identity
        numbers = row["ilo_forced_labour_indicator"]
        assert list(item.forced_labour) == [int(n) for n in numbers.split(";") if n], identity


def test_every_combination_of_the_rule_file() -> None:
    rules: dict[str, Any] = json.loads(
        (standards() / "screening-rules.json").read_text(encoding="utf-8")
    )
    for least in rules["dimension_positive_if_any"]:
        either = least.pop("medium_or_weak", 0)
        for medium in range(either + 1):
            counts = (
                least.get("strong", 0),
                least.get("medium", 0) + medium,
                least.get("weak", 0) + either - medium,
            )
            assert positive(*counts)
            # One item less is not enough: the published combinations are minimal.
            for index in range(3):
                fewer = [n - (i == index) for i, n in enumerate(counts)]
                assert min(fewer) < 0 or not positive(*fewer)
    checked = Counter(
        row["label"]
        for row in rules["classification_adult"]
        for bits in range(64)
        if _matches(row, Dimension(bits)) and label(Dimension(bits)) is LABELS[row["label"]]
    )
    for row in rules["classification_adult"]:
        matching = sum(_matches(row, Dimension(bits)) for bits in range(64))
        assert checked[row["label"]] == matching > 0, row


def _matches(row: dict[str, Any], found: Dimension) -> bool:
    """Whether a set of dimensions fits a row; what a row leaves open may be anything."""
    means = Dimension(63) & ~Dimension.EXPLOITATION
    facts = {
        "deceptive_or_coercive_recruitment": found
        & (Dimension.DECEPTION | Dimension.COERCIVE_RECRUITMENT),
        "deceptive_recruitment": found & Dimension.DECEPTION,
        "means": found & means,
        "exploitation": found & Dimension.EXPLOITATION,
        "coercion_at_destination": found & Dimension.DESTINATION_COERCION,
    }
    return all(bool(facts[name]) is value for name, value in row.items() if name != "label")


def test_what_a_base_rate_does() -> None:
    """RAFT's external figures at 1.4%: about one positive in 28 is a true case."""
    raft = next(study for study in studies() if study.name == "RAFT")
    assert (raft.sensitivity, raft.specificity, raft.prevalence) == (1.0, 0.61, 0.014)
    means = base_rate(1.0, 0.61, 0.014)
    assert means.flagged_per_true_case is not None
    assert 28 <= means.flagged_per_true_case < 29
    # The six-item child screen: positive predictive value 20.2% published (Pediatrics 147(3)).
    child = base_rate(0.846, 0.532, 0.123)
    assert child.true_cases / child.flagged == pytest.approx(0.202, abs=0.001)
    with pytest.raises(ValueError, match="between 0 and 1"):
        base_rate(1.1, 0.5, 0.5)
    assert len(explain.validity()) == len(studies()) + 1
