"""Indicators as data: 77 signs with their sources, what else explains them, and whom they protect.

``indicators.csv`` beside this module gives them; ``source_check`` says whether the source was
read, known from a secondary page, or from general knowledge. ``amltrix_ids`` are the numbers of
AMLTRIX 1.0-beta.4 (attribution, share-alike) and carry none of its text.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from marfa.domain.message import Message

FAMILIES: Mapping[str, str] = {
    # Where the money goes next, and how soon.
    "FL-01": "movement",
    "FS-05": "movement",
    "FR-06": "movement",
    "FH-01": "movement",
    "FO-02": "movement",
    "FO-04": "movement",
    "FX-01": "movement",
    # Who pays, and how many of them.
    "FL-02": "counterparts",
    "FR-01": "counterparts",
    "FC-03": "counterparts",
    "FO-03": "counterparts",
    "FM-01": "counterparts",
    # When, and together with whom.
    "FL-05": "timing",
    "FS-03": "timing",
    "FS-04": "timing",
    "FC-01": "timing",
    "FT-08": "timing",
    # What it is said to be for, by the codes of the bank.
    "FS-01": "purpose",
    "FS-02": "purpose",
    "FT-01": "purpose",
    "FC-04": "purpose",
    # What the account is.
    "FR-02": "account",
    "FL-09": "account",
}
"""Of what each computed indicator is a sign; two of one family are no two signs."""


@dataclass(frozen=True)
class Indicator:
    """One row, as it stands in the file."""

    id: str
    stage: str
    exploitation_form: str
    indicator: str
    data_needed: str
    computable: str
    rule_sketch: str
    default_parameters: str
    benign_explanations: str
    account_holder_likely: str
    handling: str
    source: str
    source_check: str
    amltrix_ids: str
    goaml_ae_codes: str

    @property
    def computed(self) -> bool:
        """Whether a typology here computes it."""
        return self.id in FAMILIES

    @property
    def is_explained(self) -> bool:
        """Whether the file names something lawful that looks the same."""
        return self.benign_explanations not in {"", "-"}

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "computed": self.computed, "family": FAMILIES.get(self.id)}


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id, in the order of the file."""
    text = (files("marfa.methods.flows") / "indicators.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["id"]: Indicator(**row) for row in rows}


def indicator_message(name: str) -> Message:
    """What the indicator of this id says."""
    return Message(f"methods.flows:indicator-{name.lower()}")


def benign_message(name: str) -> Message:
    """What lawful thing looks the same."""
    return Message(f"methods.flows:benign-{name.lower()}")
