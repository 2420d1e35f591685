"""Where: is there a neighbourhood in which the newest steps hold too many cases?

Space-time scan statistics of Kulldorff (1997, Commun. Stat. Theory Methods 26:1481-1496; 2001,
J. R. Stat. Soc. A 164:61-72) and Kulldorff, Heffernan, Hartman, Assuncao and Mostashari 2005
(PLoS Med. 2:e59). Cylinders stand on circles about each site and reach back from the newest step.
With C cases, c inside and m expected inside, the statistic is c log(c/m) + (C-c) log((C-c)/(C-m))
where c > m; its distribution comes from tables drawn without clusters (Monte Carlo).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marfa.domain.message import InputError, Message
from marfa.methods.surveillance.panel import Floats, Ints, Panel

EARTH_KM = 6371.0088
MODELS = ("poisson", "permutation")
BATCH = 64


@dataclass(frozen=True)
class Cluster:
    """units: sites in it. steps: how many newest steps. radius: km from the first of its units."""

    units: tuple[str, ...]
    steps: int
    radius: float
    observed: float
    expected: float
    statistic: float
    probability: float

    @property
    def relative(self) -> float:
        """Times as many cases as expected."""
        return self.observed / self.expected if self.expected > 0 else float("inf")


@dataclass(frozen=True)
class _Zones:
    members: Floats  # (zones, sites) of 0 and 1
    radius: Floats
    centre: Ints


def scan(
    panel: Panel,
    latitude: ArrayLike,
    longitude: ArrayLike,
    *,
    model: str = "permutation",
    longest: int = 4,
    study: int | None = None,
    largest_share: float = 0.5,
    replicates: int = 999,
    seed: int = 1,
) -> list[Cluster]:
    """Clusters that do not overlap, the most telling first; the last of them tells the least.

    model: ``poisson`` expects cases by people at risk, or evenly over sites where the panel has
        none, and evenly over time; ``permutation`` by each site's and step's own totals.
    longest: most newest steps in a cluster. study: newest steps that are looked at at all.
    largest_share: no circle holds more than this share of the sites.
    Raises InputError where there is nothing to scan.
    """
    cells, expected = _table(panel, model, longest, study)
    total = cells.sum()
    if len(panel.units) < 3 or total < 2 or not expected.sum() > 0:
        raise InputError.at(Message("methods.surveillance:scan-nothing"))
    zones = _zones(np.asarray(latitude, float), np.asarray(longitude, float), largest_share)
    statistic = _statistics(cells[None], expected[None], zones)[0]
    highest = _simulated(cells, expected, zones, model, replicates, seed)
    return _clusters(panel, cells, expected, zones, statistic, highest)


def _table(panel: Panel, model: str, longest: int, study: int | None) -> tuple[Floats, Floats]:
    """(sites, longest + 1) cases and expected ones: newest step first, all older ones last."""
    length = min(study or panel.step.period, len(panel))
    longest = min(longest, max(length - 1, 1))
    counts = np.nan_to_num(panel.counts[len(panel) - length :])[::-1].T
    cells = np.concatenate(
        [counts[:, :longest], counts[:, longest:].sum(axis=1, keepdims=True)], axis=1
    )
    total = cells.sum()
    if model == "permutation":
        return cells, np.outer(cells.sum(axis=1), cells.sum(axis=0)) / max(total, 1)
    weight = np.ones_like(counts)
    if panel.at_risk is not None:
        weight = np.nan_to_num(panel.at_risk[len(panel) - length :])[::-1].T
    weight = np.where(np.isnan(panel.counts[len(panel) - length :])[::-1].T, 0.0, weight)
    risk = np.concatenate(
        [weight[:, :longest], weight[:, longest:].sum(axis=1, keepdims=True)], axis=1
    )
    return cells, total * risk / max(risk.sum(), 1e-300)


def _zones(latitude: Floats, longitude: Floats, largest_share: float) -> _Zones:
    """All circles about a site that end at another, each set of sites once."""
    distance = great_circle(latitude, longitude)
    most = max(1, int(largest_share * len(latitude)))
    seen: dict[bytes, tuple[int, float]] = {}
    for centre, row in enumerate(distance):
        order = np.lexsort((np.arange(len(row)), row))
        inside = np.zeros(len(row), dtype=bool)
        for place, site in enumerate(order[:most]):
            inside[site] = True
            tied = place + 1 < len(order) and row[order[place + 1]] == row[site]
            if not tied:
                seen.setdefault(inside.tobytes(), (centre, float(row[site])))
    members = np.array([np.frombuffer(key, dtype=bool) for key in seen], dtype=float)
    where = list(seen.values())
    return _Zones(members, np.array([r for _c, r in where]), np.array([c for c, _r in where]))


def great_circle(latitude: Floats, longitude: Floats) -> Floats:
    """(sites, sites) distances in km."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin((phi[:, None] - phi) / 2) ** 2
        + np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _statistics(cells: Floats, expected: Floats, zones: _Zones) -> Floats:
    """(tables, zones, steps) of the statistic."""
    total = cells.sum(axis=(1, 2), keepdims=True)
    c = zones.members @ np.cumsum(cells[:, :, :-1], axis=2)
    m = zones.members @ np.cumsum(expected[:, :, :-1], axis=2)
    return log_ratio(c, m, total)


def log_ratio(c: Floats, m: Floats, total: Floats) -> Floats:
    """The logarithm of the likelihood ratio, 0 where there are no more than expected."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(c > 0, c * np.log(c / m), 0.0)
        outside = np.where(total > c, (total - c) * np.log((total - c) / (total - m)), 0.0)
    return np.asarray(np.where((c > m) & (m > 0), inside + outside, 0.0))


def _simulated(
    cells: Floats, expected: Floats, zones: _Zones, model: str, replicates: int, seed: int
) -> Floats:
    """Highest statistic of each table drawn without clusters."""
    rng = np.random.default_rng(seed)
    highest = []
    for start in range(0, replicates, BATCH):
        number = min(BATCH, replicates - start)
        if model == "poisson":
            shares = (expected / expected.sum()).reshape(-1)
            drawn = rng.multinomial(int(cells.sum()), shares, size=number).astype(float)
            tables = drawn.reshape(number, *cells.shape)
        else:
            tables = np.array([_permuted(cells, rng) for _table in range(number)])
        same = np.broadcast_to(expected, tables.shape)
        highest.append(_statistics(tables, same, zones).max(axis=(1, 2)))
    return np.concatenate(highest) if highest else np.zeros(0)


def _permuted(cells: Floats, rng: np.random.Generator) -> Floats:
    """The same cases of each site, the steps dealt out anew among all cases."""
    whole = cells.astype(int)
    steps = np.repeat(np.arange(cells.shape[1]), whole.sum(axis=0))
    sites = np.repeat(np.arange(cells.shape[0]), whole.sum(axis=1))
    rng.shuffle(steps)
    flat = np.bincount(sites * cells.shape[1] + steps, minlength=cells.size)
    return flat.reshape(cells.shape).astype(float)


def _clusters(
    panel: Panel,
    cells: Floats,
    expected: Floats,
    zones: _Zones,
    statistic: Floats,
    highest: Floats,
) -> list[Cluster]:
    taken = np.zeros(len(panel.units), dtype=bool)
    found: list[Cluster] = []
    for flat in np.argsort(-statistic, axis=None, kind="stable"):
        zone, steps = divmod(int(flat), statistic.shape[1])
        members = zones.members[zone] > 0
        value = float(statistic[zone, steps])
        if value <= 0 or len(found) == 5:
            break
        if (members & taken).any():
            continue
        taken |= members
        inside = np.ix_(members, np.arange(steps + 1))
        first = panel.units[zones.centre[zone]]
        others = tuple(u for u, m in zip(panel.units, members, strict=True) if m and u != first)
        probability = (1 + int((highest >= value - 1e-12).sum())) / (1 + len(highest))
        found.append(
            Cluster(
                (first, *others),
                steps + 1,
                float(zones.radius[zone]),
                float(cells[inside].sum()),
                float(expected[inside].sum()),
                value,
                probability,
            )
        )
    return found
