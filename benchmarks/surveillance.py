"""Agreement, cost and detection of ``marfa.methods.surveillance``, with the references named.

    python benchmarks/surveillance.py            about two minutes of CPU
    python benchmarks/surveillance.py --full     more quiet series, and 400 maps for the scan

Recorded answers of R surveillance 1.24.1 and simulated series come from
``$MARFA_REFERENCE_DATA/warning``; R itself is not needed. Its CPU times were measured when they
were recorded. Times are CPU seconds of one thread.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from marfa.methods.surveillance import (
    Answers,
    Budget,
    Panel,
    Reports,
    Settings,
    detect,
    detect_late,
    detect_newest,
    hold,
    read_file,
    scan,
)

Floats = NDArray[np.float64]
NOT_BUILT = ("outbreakP", "bodaDelay")
EVALUATED = np.arange(575, 624)
DELAYS = [0.3, 0.3, 0.2, 0.1, 0.1]


def say(what: str, reference: str, goal: str, found: str) -> None:
    print(f"{what:46} {reference:22} {goal:26} {found}", flush=True)


def number(text: str | None) -> float:
    return math.nan if text in (None, "", "NA") else float(text)


def recorded(file: Path) -> Iterator[tuple[str, tuple[str, ...], dict[str, Floats]]]:
    """Each configuration of a file with its units and its columns, (steps, units)."""
    names = ("t", "upperbound", "alarm", "pvalue")
    rows: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["config"].startswith(NOT_BUILT):
                rows[row["config"]][row["unit"]].append([number(row.get(n)) for n in names])
    for config, by_unit in rows.items():
        table = np.array(list(by_unit.values())).transpose(2, 1, 0)
        yield config, tuple(by_unit), dict(zip(names, table, strict=True))


def run_as(config: str, panel: Panel, start: int) -> Answers:
    family = config.startswith(("farrington", "flexible"))
    method, _mark, rest = config.partition("_b") if family else (config, "", "")
    years = int(rest.split("_")[0]) if rest else None
    gap = int(rest.split("_gap")[1]) if "_gap" in rest else None
    settings = Settings(years=years, gap=gap, start=start, r_compatible=True)
    return detect(panel, method, settings)


def agreement(folder: Path) -> None:
    r = folder / "surveillance-r"
    pairs = [(r / f"obs_{f.stem[4:]}.csv", f) for f in sorted(r.glob("exp_*.csv"))]
    conflict = folder / "conflict"
    pairs.append(
        (conflict / "ucdp_syria_weekly_events.csv", conflict / "ucdp_syria_weekly_expected.csv")
    )
    same: dict[bool, list[int]] = {True: [0, 0], False: [0, 0]}
    bound = probability = glr = 0.0
    for observed, expected in pairs:
        panel = read_file(observed)
        for config, units, told in recorded(expected):
            found = run_as(config, panel.choose(units), panel.times.index(int(told["t"][0, 0])))
            equal = (found.alarm == told["alarm"]) | np.isnan(found.alarm) & np.isnan(told["alarm"])
            equal &= np.isnan(found.bound) == np.isnan(told["upperbound"])
            tally = same[config == "glrnb"]
            tally[0] += int(equal.sum())
            tally[1] += equal.size
            both = np.isfinite(found.bound) & (told["upperbound"] > 1e-9)
            if config == "glrnb":
                glr = max(glr, float(np.abs(found.bound - told["upperbound"]).max()))
            elif both.any():
                ratio = found.bound[both] / told["upperbound"][both] - 1
                bound = max(bound, float(np.abs(ratio).max()))
            if config.startswith(("farr", "flex")) and not np.isnan(told["pvalue"]).all():
                difference = np.abs(found.probability - told["pvalue"])
                probability = max(probability, float(np.nanmax(difference)))
    reference = "R surveillance 1.24.1"
    for is_glr, goal in ((False, "100%"), (True, "99%")):
        right, total = same[is_glr]
        what = "alarms and gaps equal" + (", GLR" if is_glr else "")
        say(what, reference, goal, f"{100 * right / total:.2f}% of {total}")
    say("bound (relative), p", reference, "1e-8, 1e-9", f"{bound:.1e}, {probability:.1e}")
    say("GLR statistic (absolute)", reference, "1e-8 relative", f"{glr:.1e}")


def quiet_scenarios(folder: Path, steps: int, series: int, seed: int) -> Panel:
    """Quiet series of the 42 scenarios of Noufaily et al. 2013, drawn by us."""
    return draw_scenarios(folder, steps, series, seed)[0]


def draw_scenarios(
    folder: Path, steps: int, series: int, seed: int, *, outbreaks: bool = False
) -> tuple[Panel, Floats]:
    """The series, and cases of the newest outbreak in each where there is one.

    Outbreaks as published: four in weeks 313 to 575, one from a week of 576 to 624; Poisson of k
    standard deviations, spread by a lognormal of 0 and 0.5.
    """
    with (folder / "surveillance-r" / "sim_scenarios.csv").open(encoding="utf-8") as stream:
        scenarios = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(stream)]
    rng = np.random.default_rng(seed)
    t = np.arange(1, steps + 1)
    columns, truth = [], np.zeros((steps, series))
    for i in range(series):
        s = scenarios[i % len(scenarios)]
        eta = s["theta"] + s["beta"] * t
        for m in range(1, int(s["m"]) + 1):
            angle = 2 * np.pi * m * t / 52
            eta = eta + s["gamma1"] * np.cos(angle) + s["gamma2"] * np.sin(angle)
        mean, phi = np.exp(eta), s["phi"]
        quiet = rng.negative_binomial(mean / (phi - 1), 1 / phi) if phi > 1 else rng.poisson(mean)
        added = np.zeros(steps)
        if outbreaks:
            sigma, past = np.sqrt(phi * mean), rng.choice([0, 2, 3, 5, 10])
            for start in rng.integers(312, 575, size=4):
                added += _outbreak(rng, int(start), past * sigma[start], steps)
            start = int(rng.integers(575, 624))
            size = rng.integers(1, 11) * sigma[start]
            while not truth[:, i].any():
                truth[:, i] = _outbreak(rng, start, size, steps)
        columns.append(quiet + added + truth[:, i])
    return Panel(tuple(f"s{i}" for i in range(series)), np.array(columns).T.astype(float)), truth


def _outbreak(rng: np.random.Generator, start: int, size: float, steps: int) -> Floats:
    weeks = start + np.floor(rng.lognormal(0, 0.5, rng.poisson(size))).astype(int)
    return np.bincount(weeks[weeks < steps], minlength=steps).astype(float)


def cost(folder: Path) -> None:
    panel = quiet_scenarios(folder, 330, 42, 3).choose(["s24"])
    settings = Settings(years=5, r_compatible=True)
    moments = range(290, 330)
    detect_newest(panel, "flexible_nbPlugin", settings)
    begun = time.process_time()
    for end in moments:
        detect_newest(panel.until(end), "flexible_nbPlugin", settings)
    single = (time.process_time() - begun) / len(moments)
    begun = time.process_time()
    detect(panel, "flexible_nbPlugin", settings, np.arange(290, 330))
    batched = (time.process_time() - begun) / 40
    say(
        "a step, five years: alone, batched (ms CPU)", "R 9 to 16", "2, 0.7",
        f"{1000 * single:.2f}, {1000 * batched:.2f}",
    )  # fmt: skip
    many = quiet_scenarios(folder, 312, 5000, 4)
    for method in ("seasonal", "flexible_nbPlugin"):
        begun = time.process_time()
        detect_newest(many, method)
        used = time.process_time() - begun
        say(f"500 sites, 10 indicators, {method} (s CPU)", "R about 75", "10", f"{used:.1f}")


def simulated(folder: Path) -> tuple[Panel, Floats]:
    counts: dict[str, list[float]] = defaultdict(list)
    outbreak: dict[str, list[float]] = defaultdict(list)
    file = folder / "surveillance-r" / "sim_dev_series.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            counts[row["series"]].append(float(row["count"]))
            outbreak[row["series"]].append(float(row["outbreak_cases"]))
    table = np.array(list(counts.values())).T
    return Panel(tuple(counts), table), np.array(list(outbreak.values())).T


def detected(probability: Floats, outbreak: Floats, rate: float) -> NDArray[np.bool_]:
    quiet = outbreak == 0
    ordered = np.sort(probability[quiet])
    threshold = ordered[int(rate * len(ordered) + 1e-9)]
    return np.asarray(((probability < threshold) & ~quiet).any(axis=0))


def detection(panel: Panel, truth: Floats, name: str) -> None:
    outbreak = truth[575:]
    ours = detect(panel, steps=EVALUATED)
    settings = Settings(years=5, r_compatible=True)
    theirs = detect(panel, "flexible_nbPlugin", settings, EVALUATED).probability
    for rate, reference, goal in ((0.01, ".500, .524", ".53"), (0.02, ".635, .667", ".67")):
        a, b = (detected(p, outbreak, rate) for p in (ours.probability, theirs))
        gained, lost = int((a & ~b).sum()), int((b & ~a).sum())
        p = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
        found = f"{a.mean():.3f}; nbPlugin {b.mean():.3f}; +{gained} -{lost}, p = {p:.3f}"
        say(f"detection at false-alarm rate {rate}, {name}", reference, goal, found)
    rate = (ours.probability[outbreak == 0] <= 0.01).mean()
    say(f"false-alarm rate at nominal .01, {name}", "-", "-", f"{rate:.4f}")


def false_alarms(folder: Path, series: int, weeks: int) -> None:
    panel = quiet_scenarios(folder, 330, series, 6)
    answers = detect(panel, steps=np.arange(330 - weeks, 330))
    for chosen in (50.0, 10.0):
        chosen *= series / 5000
        held, _told = hold(answers, Budget(chosen))
        found = held.alarms.sum(axis=1).mean()
        noise = math.sqrt(chosen / weeks) / chosen
        say(
            f"false alarms a week, {series} quiet series",
            f"{series / 100:.0f}",
            f"{chosen:g} within 20%",
            f"{found:.1f} ({100 * (found / chosen - 1):+.0f}%, noise {100 * noise:.0f}%)",
        )


def delayed(panel: Panel) -> Reports:
    rng = np.random.default_rng(3)
    drawn = rng.multinomial(panel.counts.astype(int), DELAYS)
    so, unit, delay = np.nonzero(drawn)
    count = drawn[so, unit, delay].astype(float)
    return Reports(panel.units, unit, so, so + delay, count)


def late(folder: Path) -> None:
    quiet_found = []
    for steps in (330, 624):
        reports = delayed(quiet_scenarios(folder, steps, 840, 11))
        moments = range(steps - 24, steps, 2)
        quiet_found += [detect_late(reports, moment).probability for moment in moments]
    rate = (np.array(quiet_found) <= 0.01).mean()
    what = "late reports: false-alarm rate at .01"
    say(f"{what}, quiet", "none without INLA", "within .002", f"{rate:.4f} of {840 * 24}")
    panel, truth = simulated(folder)
    reports = delayed(panel)
    series = np.arange(len(panel.units))
    said = [detect_late(reports, moment) for moment in EVALUATED]
    quiet = np.array([truth[m.step, series] == 0 for m in said])
    rate = (np.array([m.probability for m in said])[quiet] <= 0.01).mean()
    first = np.full(len(series), 9999)
    for moment in said[::-1]:
        hit = (moment.alarm == 1) & (truth[moment.step, series] > 0)
        first = np.where(hit, moment.moment, first)
    waiting = detect(panel, steps=EVALUATED)
    seen = waiting.alarms & (truth[575:] > 0)
    after = np.where(seen.any(axis=0), 575 + seen.argmax(axis=0) + len(DELAYS) - 1, 9999)
    both = (first < 9999) & (after < 9999)
    gain = np.median(after[both] - first[both])
    say(f"{what}, sim_dev", "none without INLA", "within .002", f"{rate:.4f} of {quiet.sum()}")
    say(
        "late reports: weeks earlier, median", "waiting for all", "1",
        f"{gain:g} ({both.sum()} outbreaks; seen {np.mean(first < 9999):.3f}, "
        f"waiting {np.mean(after < 9999):.3f})",
    )  # fmt: skip


def clusters(maps: int) -> None:
    """20 sites on a grid, 30 weeks, 3 cases each; a cluster of 3 sites in the newest 3 weeks."""
    north, east = np.repeat(np.arange(4), 5) * 0.3 + 33, np.tile(np.arange(5), 4) * 0.3 + 36

    def rejects(model: str, seed: int, relative: float) -> bool:
        rng = np.random.default_rng(seed)
        counts = rng.poisson(3.0, size=(30, 20)).astype(float)
        counts[-3:, [6, 7, 11]] += rng.poisson(3.0 * (relative - 1), size=(3, 3))
        panel = Panel(tuple(f"s{i}" for i in range(20)), counts)
        found = scan(panel, north, east, model=model, replicates=199, seed=seed)
        return bool(found) and found[0].probability <= 0.05

    for model in ("poisson", "permutation"):
        size = np.mean([rejects(model, seed, 1.0) for seed in range(maps)])
        power = np.mean([rejects(model, seed, 3.0) for seed in range(maps // 4)])
        noise = math.sqrt(0.05 * 0.95 / maps)
        found = f"{100 * size:.1f}% (noise {100 * noise:.1f}), {power:.2f}"
        say(f"scan, {model}: size at .05, power at 3", "SaTScan (closed)", "3 to 7%, .8", found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    say("what", "reference", "goal", "found")
    folder = Path(os.environ.get("MARFA_REFERENCE_DATA", "/nowhere")) / "warning"
    if folder.is_dir():
        agreement(folder)
        cost(folder)
        detection(*simulated(folder), "sim_dev")
        if full:
            own = draw_scenarios(folder, 624, 504, 2388, outbreaks=True)
            detection(*own, "504 of our own")
        false_alarms(folder, 5000 if full else 2000, 8 if full else 6)
        late(folder)
    else:
        print("MARFA_REFERENCE_DATA names no folder with warning/: only the scan is measured")
    clusters(400 if full else 120)


if __name__ == "__main__":
    main()
