"""What a study found: error rates with intervals and bounds, agreement, items, load."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marfa.domain.message import Message
from marfa.methods.screening.answers import WORDS, Answer
from marfa.methods.screening.quality.accuracy import Decision
from marfa.methods.screening.quality.agreement import alpha
from marfa.methods.screening.quality.intervals import wilson
from marfa.methods.screening.quality.item_function import ItemFunction, item_functions
from marfa.methods.screening.quality.kappa import kappa
from marfa.methods.screening.quality.verification import (
    Corrected,
    Enrolled,
    Rate,
    corrected_accuracy,
)
from marfa.methods.screening.study.protocol import Protocol
from marfa.methods.screening.study.records import Kind, Record

BY = ("site", "sex", "language", "interpreter")
FEWEST = 10
"""Assessed victims (or others) of a group below which no rate of it is said."""
FEWEST_SCORED = 10
"""Interviews scored twice below which no agreement is said."""
RESAMPLES = 1_000
MANY = 1_000


@dataclass(frozen=True)
class Report:
    """seed: of all that is drawn. remarks: what a reader must know beside the figures."""

    protocol: Protocol
    seed: int
    rates: Corrected
    groups: Mapping[str, Mapping[str, Corrected]]
    panel: Mapping[str, Any]
    agreement: Mapping[str, Mapping[str, Any]]
    retest: Mapping[str, Mapping[str, Any]]
    functions: Sequence[Mapping[str, Any]]
    missing: Mapping[str, Mapping[str, int]]
    load: Mapping[str, Mapping[str, Any]]
    remarks: tuple[Message, ...]

    def as_json(self) -> dict[str, Any]:
        """As ``marfa instruments study report --json`` prints it."""
        return {
            "instrument": self.protocol.instrument,
            "version": self.protocol.version,
            "digest": self.protocol.digest,
            "words": dict(self.protocol.words),
            "setting": self.protocol.setting,
            "protocol": self.protocol.id,
            "seed": self.seed,
            **_rates(self.rates),
            "by": {
                column: {name: _rates(found) for name, found in groups.items()}
                for column, groups in self.groups.items()
            },
            "of_1000": natural_numbers(self.rates),
            "panel": dict(self.panel),
            "alpha": {item: found["alpha"] for item, found in self.agreement.items()},
            "agreement": {item: dict(found) for item, found in self.agreement.items()},
            "retest": {item: dict(found) for item, found in self.retest.items()},
            "items": sorted(self.missing),
            "dif": [dict(each) for each in self.functions],
            "missing": {item: dict(found) for item, found in self.missing.items()},
            "load": {site: dict(found) for site, found in self.load.items()},
            "remarks": [{"code": each.code, "params": dict(each.params)} for each in self.remarks],
        }


def report(
    protocol: Protocol, records: Sequence[Record], seed: int = 1, *, readers: int = 1
) -> Report:
    """What the records of a study say; the same whatever the order of the rows.

    readers: members of the panel who must have read of a person before the person counts as
    assessed. A panel that decides together writes one row; one whose members read apart, several.
    """
    rows = sorted(records, key=lambda row: sorted(row.items()))
    interviews = [row for row in rows if row["kind"] == Kind.INTERVIEWS]
    found, panel = _panel(rows, readers)
    people = [(row, _enrolled(row, found)) for row in interviews]
    rates = corrected_accuracy((each for _, each in people), seed=seed)
    groups = {
        column: {
            name: _said(corrected_accuracy(members, seed=seed))
            for name, members in _grouped(people, column).items()
        }
        for column in BY
    }
    missing = _missing(interviews)
    return Report(
        protocol=protocol,
        seed=seed,
        rates=rates,
        groups=groups,
        panel=panel,
        agreement=_agreement(rows, Kind.DOUBLE, seed),
        retest=_agreement(rows, Kind.RETEST, seed),
        functions=_functions(interviews, sorted(missing)),
        missing=missing,
        load=_load(interviews),
        remarks=tuple(_remarks(protocol, rates, people, panel)),
    )


def _panel(rows: Iterable[Record], readers: int) -> tuple[dict[str, bool | None], dict[str, Any]]:
    """What the panel found of each person: None where its members differ. Whom too few of them read
    is not in it."""
    votes: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row["kind"] == Kind.ASSESSMENTS:
            votes[row["person"]].append(row["victim"] == "yes")
    waiting = [person for person, given in votes.items() if len(given) < readers]
    for person in waiting:
        del votes[person]
    found = {person: given[0] if len(set(given)) == 1 else None for person, given in votes.items()}
    pairs = [(given[0], given[1]) for given in votes.values() if len(given) > 1]
    agreed = kappa(pairs)
    return found, {
        "assessed": len(votes),
        "read_by_too_few": len(waiting),
        "not_agreed": sum(value is None for value in found.values()),
        "by_two": agreed.pairs,
        "alike": agreed.same,
        "kappa": _interval(agreed.kappa),
    }


def _enrolled(row: Record, found: Mapping[str, bool | None]) -> Enrolled:
    return Enrolled(Decision(row["screened"]), found.get(row["person"]), row["site"])


def _grouped(people: Iterable[tuple[Record, Enrolled]], column: str) -> dict[str, list[Enrolled]]:
    groups: dict[str, list[Enrolled]] = defaultdict(list)
    for row, each in people:
        groups[row[column]].append(each)
    return dict(sorted(groups.items()))


def _said(found: Corrected) -> Corrected:
    """A group of which too few were assessed has no rate: it would be read as one."""
    others = found.assessed - found.victims
    return Corrected(
        sensitivity=found.sensitivity if found.victims >= FEWEST else None,
        specificity=found.specificity if others >= FEWEST else None,
        naive=(None, None),
        people=found.people,
        assessed=found.assessed,
        victims=found.victims,
        open=found.open,
    )


def _items_of(rows: Iterable[Record], known: Sequence[str]) -> list[str]:
    names = {name for row in rows for name in row}
    return sorted(names - set(known) - {"kind"})


def _agreement(rows: Sequence[Record], kind: Kind, seed: int) -> dict[str, dict[str, Any]]:
    """Krippendorff's alpha of each item over interviews that several scored, with an interval by
    drawing interviews again. Answers that are no yes and no no are values like others."""
    scored = [row for row in rows if row["kind"] == kind]
    units: dict[str, list[Record]] = defaultdict(list)
    for row in scored:
        units[row["person"]].append(row)
    twice = [given for given in units.values() if len(given) > 1]
    found = {}
    for item in _items_of(scored, ("person", "rater")):
        values = [[WORDS[row.get(item, "")] or None for row in given] for given in twice]
        values = [given for given in values if sum(value is not None for value in given) > 1]
        enough = len(values) >= FEWEST_SCORED
        found[item] = {
            "interviews": len(values),
            "alpha": alpha(values) if enough else None,
            **(_drawn(values, seed) if enough else {"low": None, "high": None}),
        }
    return found


def _drawn(units: Sequence[Sequence[Answer | None]], seed: int) -> dict[str, float | None]:
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        chosen = chance.integers(0, len(units), len(units))
        value = alpha([units[place] for place in chosen])
        if value is not None:
            drawn.append(value)
    # Where most draws hold one answer alone, there is nothing to be agreed about.
    if len(drawn) < RESAMPLES / 2:
        return {"low": None, "high": None}
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}


def _functions(interviews: Sequence[Record], items: Sequence[str]) -> list[dict[str, Any]]:
    """Each item between the largest group and each other one, by sex, age, language,
    interpreter."""
    if len(items) < 3:
        return []
    coded = {"yes": 1.0, "no": 0.0}
    answers = np.array(
        [[coded.get(row.get(item, ""), np.nan) for item in items] for row in interviews]
    ).reshape(len(interviews), len(items))
    found = []
    for column in ("sex", "age_group", "language", "interpreter"):
        groups = [row.get(column, "unknown") for row in interviews]
        counts = Counter(groups)
        ordered = sorted(counts, key=lambda name: (-counts[name], name))
        for other in ordered[1:]:
            pair = [group in (ordered[0], other) for group in groups]
            first = np.array([group == other for group in groups])[pair]
            made = item_functions(answers[pair], first, items)
            found.append(
                {
                    "column": column,
                    "group": other,
                    "against": ordered[0],
                    "people": list(made.people),
                    "exposure": list(made.exposure) if made.exposure else None,
                    "items": [_function(each) for each in made.items],
                }
            )
    return found


def _function(each: ItemFunction) -> dict[str, Any]:
    return {
        "item": each.item,
        "log_odds": each.log_odds,
        "low": each.low,
        "high": each.high,
        "expected": each.expected,
        "p": each.p,
        "size": each.size,
        "yes": list(each.yes),
    }


def _missing(interviews: Sequence[Record]) -> dict[str, dict[str, int]]:
    from marfa.methods.screening.study.records import COLUMNS, OPTIONAL

    known = (*COLUMNS[Kind.INTERVIEWS], *OPTIONAL[Kind.INTERVIEWS])
    found = {}
    for item in _items_of(interviews, known):
        counts = Counter(WORDS[row.get(item, "")].code for row in interviews)
        found[item] = {answer.code: counts[answer.code] for answer in Answer}
    return found


def _load(interviews: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """The share that is flagged at each site: what help there has to carry."""
    found = {}
    for site in sorted({row["site"] for row in interviews}):
        here = [row for row in interviews if row["site"] == site]
        flagged = sum(row["screened"] == Decision.FLAGGED for row in here)
        share = wilson(flagged, len(here))
        found[site] = {
            "people": len(here),
            "flagged": flagged,
            "share": {"estimate": share.estimate, "low": share.lower, "high": share.upper},
        }
    return found


def _remarks(
    protocol: Protocol,
    rates: Corrected,
    people: Sequence[tuple[Record, Enrolled]],
    panel: Mapping[str, Any],
) -> Iterable[Message]:
    by = Counter(each.screened for _, each in people if each.victim is not None)
    for needed, decision, key in (
        (protocol.needed_flagged, Decision.FLAGGED, "study-few-flagged"),
        (protocol.needed_not_flagged, Decision.NOT_FLAGGED, "study-few-not-flagged"),
    ):
        if by[decision] < needed:
            params = {"found": by[decision], "needed": needed}
            yield Message(f"methods.screening:{key}", params)
    if protocol.reference_reads_screening:
        yield Message("methods.screening:study-incorporation")
    if rates.assessed < rates.people:
        yield Message("methods.screening:study-not-all-assessed")
    for column in ("read_by_too_few", "not_agreed"):
        if panel[column]:
            key = f"methods.screening:study-{column.replace('_', '-')}"
            yield Message(key, {"people": panel[column]})
    if rates.open:
        yield Message("methods.screening:study-open", {"people": rates.open})
    if rates.sensitivity is None or rates.specificity is None:
        yield Message("methods.screening:study-nothing-said")
    yield Message("methods.screening:study-no-person")


def natural_numbers(rates: Corrected) -> dict[str, int] | None:
    """Of a thousand people like those who were asked: victims that are flagged and missed, and
    others that are flagged for nothing."""
    if rates.sensitivity is None or rates.specificity is None:
        return None
    share = rates.prevalence
    if share is None:
        return None
    victims = MANY * share
    flagged = round(victims * rates.sensitivity.estimate)
    return {
        "victims": round(victims),
        "flagged": flagged,
        "missed": round(victims) - flagged,  # whoever adds them up comes to the same
        "flagged_for_nothing": round((MANY - victims) * (1 - rates.specificity.estimate)),
    }


def _rates(found: Corrected) -> dict[str, Any]:
    return {
        "sensitivity": _rate(found.sensitivity),
        "specificity": _rate(found.specificity),
        "people": found.people,
        "assessed": found.assessed,
        "victims": found.victims,
        "open": found.open,
    }


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {
        "estimate": rate.estimate,
        "low": rate.low,
        "high": rate.high,
        "bounds": list(rate.bounds),
    }


def _interval(found: Any) -> dict[str, float] | None:
    if found is None:
        return None
    return {"estimate": found.estimate, "low": found.lower, "high": found.upper}
