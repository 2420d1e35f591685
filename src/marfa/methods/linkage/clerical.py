"""How many true pairs were found, and how many found are true, from pairs that people judged.

    sample = draw_sample(found.links, 200)      # people say of each: same, not, or unsure
    quality = judge_sample(judged)
    quality.recall.share, quality.recall.low, quality.recall.high

Pairs are drawn by strata of score, most from where it is in doubt. What people say of each stratum
stands for all of its pairs. Recall is of the pairs that were looked at: a pair that shares neither
a document nor a date nor parts of a name was never a candidate, and is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marfa.domain.message import InputError, Message
from marfa.methods.linkage.links import Link
from marfa.methods.linkage.record_files import LIST_COLUMNS, Rows, read_table
from marfa.methods.names import normalise

FLOORS = (12.0, 4.0, 0.0, -2.0, -4.0)
"""Bits from which the strata are, the surest first; the last one has all the rest."""
MATCHES = 3
"""So many of the strata are matches."""
SHARES = (0.15, 0.25, 0.25, 0.15, 0.1, 0.1)
LEAST = 5
DRAWS = 20_000
SEED = 2388
LEVEL = 0.95


class Verdict(StrEnum):
    """What a person says of a pair."""

    SAME = "same"
    NOT = "not"
    UNSURE = "unsure"


_WORDS = {
    Verdict.SAME: ("same", "yes", "y", "1", "true", "نعم", "نفسه", "oui", "да"),
    Verdict.NOT: ("not", "no", "n", "0", "false", "لا", "non", "нет", "different"),
    Verdict.UNSURE: ("unsure", "?", "maybe", "unknown", "لا اعرف", "غير موكد"),
}
_BY_WORD = {normalise(word) or word: v for v, words in _WORDS.items() for word in words}


@dataclass(frozen=True)
class Drawn:
    """A pair to be judged. stratum: from 1, the surest first. size: how many pairs are in it."""

    left_id: str
    right_id: str
    stratum: int
    size: int
    verdict: Verdict | None = None
    lists: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Share:
    """A share with its interval (95%), and the simple sample that would be as sure."""

    share: float
    low: float
    high: float

    @property
    def checked(self) -> int:
        """As many pairs of a simple sample would say as much."""
        spread = (self.high - self.low) / (2 * 1.96)
        middle = min(max(self.share, 0.02), 0.98)
        return max(1, round(middle * (1 - middle) / max(spread, 1e-3) ** 2))

    @property
    def fraction(self) -> str:
        """``found/checked``, as ``marfa estimate`` takes it."""
        return f"{round(self.share * self.checked)}/{self.checked}"

    def as_json(self) -> dict[str, object]:
        return {
            "share": round(self.share, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "fraction": self.fraction,
        }


@dataclass(frozen=True)
class Quality:
    """recall: share of the true pairs that were found. precision: share of those found that are
    true. judged, unsure: how many pairs people said something of."""

    recall: Share
    precision: Share
    judged: int
    unsure: int

    def as_json(self) -> dict[str, object]:
        return {
            "recall": self.recall.as_json(),
            "precision": self.precision.as_json(),
            "judged": self.judged,
            "unsure": self.unsure,
            "level": LEVEL,
        }


def stratum_of(link: Link) -> int:
    """The stratum of a pair, from 1; a match is in one of the first."""
    place = next((n for n, floor in enumerate(FLOORS) if link.weight >= floor), len(FLOORS))
    return (min(place, MATCHES - 1) if link.match else max(place, MATCHES)) + 1


def _place_of(link: Link) -> tuple[str, str, int, int]:
    return link.left.id, link.right.id, link.left_list, link.right_list


def draw_sample(links: Sequence[Link], size: int, seed: int = SEED) -> list[Drawn]:
    """Pairs to be judged, drawn by lot in each stratum and mixed; the same for the same seed."""
    strata: dict[int, list[Link]] = {}
    for link in links:
        strata.setdefault(stratum_of(link), []).append(link)
    chance = np.random.default_rng(seed)
    drawn: list[Drawn] = []
    for stratum in sorted(strata):
        held = sorted(strata[stratum], key=_place_of)
        wanted = min(len(held), max(LEAST, round(size * SHARES[stratum - 1])))
        for place in sorted(chance.choice(len(held), wanted, replace=False).tolist()):
            link = held[place]
            lists = link.left_list, link.right_list
            drawn.append(Drawn(link.left.id, link.right.id, stratum, len(held), lists=lists))
    return [drawn[n] for n in chance.permutation(len(drawn)).tolist()]


def judge_sample(judged: Iterable[Drawn]) -> Quality:
    """Recall and precision with their intervals.

    The chance of a true pair in a stratum is drawn many times from what is known of it (beta, after
    Jeffreys), and so the shares. Raises InputError where nobody judged a stratum that has pairs.
    """
    sizes: dict[int, int] = {}
    same: dict[int, int] = {}
    told: dict[int, int] = {}
    unsure = 0
    for each in judged:
        sizes[each.stratum] = each.size
        if each.verdict in (Verdict.SAME, Verdict.NOT):
            told[each.stratum] = told.get(each.stratum, 0) + 1
            same[each.stratum] = same.get(each.stratum, 0) + (each.verdict is Verdict.SAME)
        unsure += each.verdict is Verdict.UNSURE
    for stratum in sizes:
        if not told.get(stratum):
            raise InputError.at(Message("methods.linkage:stratum-unjudged", {"stratum": stratum}))
    if not any(stratum <= MATCHES for stratum in sizes):
        raise InputError.at(Message("methods.linkage:sample-empty"))
    chance = np.random.default_rng(SEED)
    strata = sorted(sizes)
    rates = np.stack([chance.beta(same[s] + 0.5, told[s] - same[s] + 0.5, DRAWS) for s in strata])
    points = np.array([[same[s] / told[s]] for s in strata])
    count = np.array([[float(sizes[s])] for s in strata])
    matched = np.array([s <= MATCHES for s in strata])
    recall = _share(_recalls(rates, count, matched), _recalls(points, count, matched))
    precision = _share(_precisions(rates, count, matched), _precisions(points, count, matched))
    return Quality(recall, precision, sum(told.values()), unsure)


Floats = npt.NDArray[np.float64]


def _recalls(rates: Floats, sizes: Floats, matched: npt.NDArray[np.bool_]) -> Floats:
    true = rates * sizes
    return np.asarray(true[matched].sum(axis=0) / np.maximum(true.sum(axis=0), 1e-9))


def _precisions(rates: Floats, sizes: Floats, matched: npt.NDArray[np.bool_]) -> Floats:
    true = (rates * sizes)[matched].sum(axis=0)
    return np.asarray(true / sizes[matched].sum())


def _share(draws: Floats, point: Floats) -> Share:
    low, high = np.quantile(draws, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    value = float(point[0])
    return Share(value, min(float(low), value), max(float(high), value))


COLUMNS = ("left_id", "right_id", "stratum", "pairs_in_stratum", "same")


def sample_rows(sample: Iterable[Drawn], names: Sequence[str] | None = None) -> Rows:
    """A table for people to fill in: in the column ``same`` ``yes``, ``no`` or ``unsure``.

    names: of the lists, where the ids alone do not say of which lists a pair is.
    """
    yield (*COLUMNS, *(LIST_COLUMNS if names else ()))
    for each in sample:
        said = each.verdict.value if each.verdict else ""
        files = [names[n] for n in each.lists] if names else []
        yield (each.left_id, each.right_id, each.stratum, each.size, said, *files)


def read_judged(source: Path) -> list[Drawn]:
    """The table as people filled it in; an empty cell is a pair that nobody judged.

    Raises InputError with the row for a word that says neither, or a number that is none.
    """
    found: list[Drawn] = []
    for row, cells in read_table(source, COLUMNS):
        word = normalise(cells["same"]) or cells["same"].strip()
        if word and word not in _BY_WORD:
            raise _wrong(source, row, "same")
        numbers = {}
        for name in ("stratum", "pairs_in_stratum"):
            if not cells[name].strip().isdecimal() or not int(cells[name]):
                raise _wrong(source, row, name)
            numbers[name] = int(cells[name])
        if numbers["stratum"] > len(SHARES):
            raise _wrong(source, row, "stratum")
        found.append(
            Drawn(
                cells["left_id"],
                cells["right_id"],
                numbers["stratum"],
                numbers["pairs_in_stratum"],
                _BY_WORD.get(word),
            )
        )
    return found


def _wrong(source: Path, row: int, column: str) -> InputError:
    message = Message("methods.linkage:judged-wrong")
    return InputError.at(message, file=source.name, row=row, column=column)
