"""Suppression, audit and rounding against named references; run alone, ``--full`` for all.

The 3,450-cell table (citizenship, sex, age and form of exploitation of a filtered release of the
Counter-Trafficking Data Collaborative) needs MARFA_REFERENCE_DATA. pytauargus, where compared,
runs from an environment of its own: python -m venv ENV; ENV/bin/pip install pytauargus==0.6.0;
then MARFA_PYTAUARGUS=ENV/bin/python. Times are processor seconds.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

from marfa.domain.message import InputError
from marfa.methods.disclosure.releases import (
    Draft,
    Released,
    make_draft,
    make_publication,
    protect_dated,
    protect_set,
    version_of,
)
from marfa.methods.disclosure.tables import (
    TableQuery,
    audit,
    controlled_rounding,
    count,
    open_source,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.methods.disclosure.releases import people, test_daily, test_parts

TABLES = {
    "3-way, 150 cells": ("gender", "ageCategories", "ExploitType"),
    "3-way, 1,150 cells": ("citizenship", "ageCategories", "ExploitType"),
    "4-way, 3,450 cells": ("citizenship", "gender", "ageCategories", "ExploitType"),
    "4-way, 5,520 cells": ("yearOfRegistration", "citizenship", "gender", "ageCategories"),
}
MEASURED = {
    "3-way, 150 cells": (20, 0.1),
    "3-way, 1,150 cells": (58, 0.25),
    "4-way, 3,450 cells": (160, 7.0),
    "4-way, 5,520 cells": (244, 0.7),
}
"""pytauargus 0.6.0, FREQ(10,20), MOD: cells lost and processor seconds as measured once on the
same table on a shared two-core machine; in the 3,450-cell table 38 of 68 protected cells had an
upper bound below 10. Used where pytauargus is not run beside."""

MINIMUM = 10
PYTAUARGUS = """
import csv, json, sys, time, tempfile
from pytauargus import protect
dims = sys.argv[2].split(",")
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
data = {d: [r[d] for r in rows] for d in dims}
data["n"] = [1.0] * len(rows)
start = time.process_time()
result = protect(data, dims, response="n", safety_rules="FREQ(10,20)", suppress="MOD(1)",
                 workdir=tempfile.mkdtemp())
seconds = time.process_time() - start
lost = sum(1 for v in result.tables[0].safe(None) if v is None or v != v)
print("RESULT " + json.dumps([lost, seconds]))
"""


SAID: list[str] = []
PAGE = Path(__file__).parents[1] / "docs/methods/disclosure-figures.md"


def say(text: str) -> None:
    """Print a line, and keep it for the page."""
    print(text, flush=True)
    SAID.append(text)


def write_page() -> None:
    """The page of the documentation with what was measured."""
    lines = "\n".join(f"    {line}" for line in SAID)
    PAGE.write_text(
        "# Tables: measured figures\n\nWritten by `python benchmarks/disclosure.py --docs`; "
        "processor seconds on a shared machine with two cores. What it says: "
        f"[Tables](disclosure.md).\n\n{lines}\n",
        encoding="utf-8",
    )


def main() -> None:
    """Print every figure with its reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="also ten million records")
    parser.add_argument("--docs", action="store_true", help="write the page of figures")
    options = parser.parse_args()
    measure(full=options.full)
    if options.docs:
        write_page()


def measure(*, full: bool) -> None:
    """All figures."""
    several_tables()
    data = os.environ.get("MARFA_REFERENCE_DATA")
    file = Path(data or "") / "statistics" / "ctdc_kanon_global_dataset_subset.csv"
    if data and file.is_file():
        for name, dimensions in TABLES.items():
            reference(file, name, dimensions)
    else:
        say("MARFA_REFERENCE_DATA is not set or has no statistics: tables of CTDC skipped")
    for records in (1_000_000, 2_000_000, *([10_000_000] if full else [])):
        for fine in (False, True):
            large(records, fine=fine)


SETS = 40
"""Made-up files of 60 to 250 people, five two-way tables of each."""


def several_tables() -> None:
    """Small counts that an attacker with all tables can narrow; he shares no code with Marfa."""
    say(f"{SETS} sets of five two-way tables of one file, k = {people.MINIMUM}:")
    _report("  each protected alone (the reference)", [_alone(seed) for seed in range(SETS)])
    _report("  as a set", [_as_set(seed) for seed in range(SETS)])
    _report("  one after the other, coarser where needed", [_in_turn(s) for s in range(SETS)])
    _report("  files that are re-sorted, grow and shrink", [_changing(s) for s in range(SETS // 2)])
    _report("  six dated tables", [_months(seed) for seed in range(SETS // 2)])
    _report("  sets whose sensitive column is guarded", [_guarded(s) for s in range(SETS // 2)])
    parts_of_people()
    site_figures()
    different = sum(
        (one.table.counts != two.table.counts).sum()
        for seed in range(10)
        for one, two in zip(_as_set(seed)[0], _as_set(seed)[0], strict=True)
    )
    say(f"  the same input twice: {different} cells differ (goal 0)")


Outcome = tuple[list[Released], int, float]
"""Tables that went out, how many were asked for, processor seconds."""


def _report(name: str, outcomes: list[Outcome]) -> None:
    exposed = small = out = asked = coarser = withheld = cells = 0
    for releases, wanted, _seconds in outcomes:
        small += sum(len(release.small) for release in releases)
        exposed += len({claim for claim, _why in people.exposed_counts(releases)})
        exposed += len(people.small_steps(releases))
        out, asked = out + len(releases), asked + wanted
        coarser += sum("coarser" in release.table.about for release in releases)
        withheld += sum(int(release.table.withheld.sum()) for release in releases)
        cells += sum(len(release.table.counts) for release in releases)
    whole = sum(len(releases) == wanted for releases, wanted, _seconds in outcomes)
    seconds = sum(each for _releases, _wanted, each in outcomes)
    say(
        f"{name}: {exposed} of {small} small counts exposed (goal 0); {whole} of "
        f"{len(outcomes)} published whole or coarser ({out} of {asked} tables, {coarser} "
        f"coarser); {withheld} of {cells} cells withheld; {seconds:.1f} s"
    )


def _file(seed: int) -> tuple[list[people.Row], list[tuple[str, str]], random.Random]:
    draw = random.Random(seed)
    rows = people.made_up_people(draw.randint(60, 250), seed)
    pairs = people.two_way()
    draw.shuffle(pairs)
    return rows, pairs[:5], draw


def _publish(drafts: list[Draft], earlier: list[Released], *, coarser: bool) -> list[Released]:
    protect = protect_dated if drafts[0].query.series else None
    try:
        if protect is not None:
            return [protect(drafts[0], earlier, coarser=coarser)]
        return protect_set(drafts, earlier, coarser=coarser)
    except InputError:
        return []


def _alone(seed: int) -> Outcome:
    start = time.process_time()
    rows, pairs, _draw = _file(seed)
    out = [_publish([people.draft_of(rows, by, "v")], [], coarser=False)[0] for by in pairs]
    return out, len(pairs), time.process_time() - start


def _as_set(seed: int) -> Outcome:
    start = time.process_time()
    rows, pairs, _draw = _file(seed)
    out = _publish([people.draft_of(rows, by, "v") for by in pairs], [], coarser=True)
    return out, len(pairs), time.process_time() - start


def _guarded(seed: int) -> Outcome:
    """With whole groups of one form guarded, as the command does by itself."""
    start = time.process_time()
    rows, pairs, _draw = _file(seed)
    drafts = [people.draft_of(rows, by, "v", sensitive=tuple({"form"} & set(by))) for by in pairs]
    return _publish(drafts, [], coarser=True), len(pairs), time.process_time() - start


def parts_of_people() -> None:
    """Everybody by age, and women alone by age, each judged by itself and beside the other."""
    found = {False: 0, True: 0}
    for seed in range(SETS // 2):
        rows = test_parts.nearly_all_women(seed)
        drafts = [test_parts.part_of(rows, ("age",), "v", w) for w in ({}, {"sex": "F"})]
        for beside in found:
            out: list[Released] = []
            for draft in drafts:
                out += _publish([draft], out if beside else [], coarser=True)
            found[beside] += len(test_parts.told_of_the_rest(out, [rows]))
    say(
        f"  {SETS // 2} times all by age and a part of them by age: small counts that are left "
        f"when one is subtracted, each judged alone {found[False]}, beside the other {found[True]} "
        "(goal 0)"
    )


def site_figures() -> None:
    """Days of figures of two sites, each judged as if it were the first, and beside all before."""
    alone = together = shown = 0
    start = time.process_time()
    for seed in range(SETS // 4):
        everybody, tables = test_daily.days(seed, 4, moving=bool(seed % 2))
        together += len(test_daily.exposed(everybody, tables))
        shown += sum(int((t.table.counts > 0).sum()) for day in tables for t in day)
        apart = [test_daily.judged_alone(people, day) for day, people in enumerate(everybody)]
        alone += len(test_daily.exposed(everybody, apart))
    say(
        f"  {SETS // 4} rows of four days of site figures, sites that open and close in half of "
        "them: what cannot be any small number, each "
        f"day judged alone {alone}, beside all before {together} (goal 0); {shown} figures shown "
        f"anew; {time.process_time() - start:.1f} s with the attack"
    )


def _in_turn(seed: int) -> Outcome:
    start = time.process_time()
    rows, pairs, _draw = _file(seed)
    out: list[Released] = []
    for by in pairs:
        out += _publish([people.draft_of(rows, by, "v")], out, coarser=True)
    return out, len(pairs), time.process_time() - start


def _changing(seed: int) -> Outcome:
    """Four tables: of a file, of its rows in another order, of it grown, of it shrunk."""
    start = time.process_time()
    columns = ("sex", "age", "form")
    draw = random.Random(seed)
    rows = people.made_up_people(draw.randint(60, 250), seed, columns)
    grown = rows + people.made_up_people(draw.randint(1, 20), seed + 1, columns)
    shrunk = grown[draw.randint(1, 10) :]
    out: list[Released] = []
    steps = (("a", rows), ("a", rows[::-1]), ("b", grown), ("c", shrunk))
    for (version, file), by in zip(steps, [*people.two_way(columns), columns[:2]], strict=True):
        out += _publish([people.draft_of(file, by, version, columns)], out, coarser=True)
    return out, len(steps), time.process_time() - start


def _months(seed: int) -> Outcome:
    start = time.process_time()
    columns = ("sex", "form")
    draw = random.Random(seed)
    rows = people.made_up_people(draw.randint(60, 250), seed, columns)
    out: list[Released] = []
    for month in range(6):
        draft = people.draft_of(rows, columns, f"{month}", columns, series=True, period=f"{month}")
        out += _publish([draft], out, coarser=True)
        rows = rows + people.made_up_people(draw.randint(3, 11), seed * 10 + month, columns)
    return out, 6, time.process_time() - start


def reference(file: Path, name: str, dimensions: tuple[str, ...]) -> None:
    """One table of the shared release: suppression, audit, rounding."""
    with open_source(file) as source:
        query = TableQuery(dimensions, source.digest, min_cell=MINIMUM)
        counted = count(source, query)
    cells = counted.cells
    start = time.process_time()
    table = protect_set([make_draft(query, counted.rows, "v")], [], coarser=False)[0].table
    seconds = time.process_time() - start
    start = time.process_time()
    attack = audit(table)
    audited = time.process_time() - start
    primary = attack.cells[table.status[attack.cells] == 1]
    narrow = np.isin(primary, attack.narrow).sum()
    lost = int(table.withheld.sum())
    their_lost, their_seconds, origin = pytauargus(file, name, dimensions)
    say(
        f"{name}: lost {lost} of which primary {len(primary)}; pytauargus {their_lost} "
        f"({origin}); ratio {lost / their_lost:.2f} (goal 1.25)"
    )
    say(f"  {seconds:.1f} s (goal 10; pytauargus {their_seconds:.1f} s)")
    say(
        f"  protected intervals that hold 1..{MINIMUM - 1}: {len(primary) - narrow} of "
        f"{len(primary)}; audit {audited:.2f} s, safe: {attack.safe}"
    )
    start = time.process_time()
    rounded = controlled_rounding(cells, 5)
    say(
        f"  rounding to 5: largest move {rounded.largest_move} (goal 5; CtrlRound 0.6.0: 8 on "
        f"the 1,150-cell table), {time.process_time() - start:.2f} s (goal 2)"
    )


def pytauargus(file: Path, name: str, dimensions: tuple[str, ...]) -> tuple[int, float, str]:
    """Cells lost and seconds of pytauargus, run now or as measured once."""
    python = os.environ.get("MARFA_PYTAUARGUS")
    if python:
        command = [python, "-c", PYTAUARGUS, str(file.resolve()), ",".join(dimensions)]
        # It leaves logs in the folder it runs in.
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        for line in done.stdout.splitlines():
            if line.startswith("RESULT ["):
                number, time_taken = line.removeprefix("RESULT [").rstrip("]").split(",")
                return int(number), float(time_taken), "run beside"
        say("  pytauargus failed: " + done.stderr.strip()[-200:])
    lost, seconds = MEASURED[name]
    return lost, seconds, "not run: MARFA_PYTAUARGUS is not set; measured once"


def large(records: int, *, fine: bool) -> None:
    """A five-way table of made-up records, in a process of its own for its memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.csv"
        make_records(file, records, fine=fine)
        command = [sys.executable, __file__, "--one", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    kind = "fine (30 citizenships)" if fine else "coarse (8 regions)"
    say(f"{records:,} records, five-way, {kind}: {done.stdout.strip()}")


def make_records(file: Path, records: int, *, fine: bool) -> None:
    """Skewed values, the same for the same number of records."""
    places = 29 if fine else 7
    rate = 5.0 if fine else 1.2
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SELECT setseed(0.5)")
    age, form = "floor(-ln(random()) * 2.5)", "floor(-ln(random()) * 1.2)"
    connection.execute(
        f"CREATE TABLE t AS SELECT 2015 + floor(random() * {10 if fine else 6})::INT AS year, "
        "CASE WHEN random() < 0.7 THEN 'F' ELSE 'M' END AS sex, "
        f"'A' || least(8, {age}::INT) AS age, "
        f"'P' || least({places}, floor(-ln(random()) * {rate})::INT) AS place, "
        f"'E' || least(5, {form}::INT) AS form, i AS id FROM range({records}) AS r(i)"
    )
    connection.execute(f"COPY t TO '{file}' (HEADER)")


def one(file: Path) -> None:
    """Count and protect one file; print time, memory, cells."""
    start = time.process_time()
    with open_source(file) as source:
        by = ("year", "sex", "age", "place", "form")
        # Zeros cannot be withheld in a table as large as this: it is confirmed, as at the shell.
        query = TableQuery(by, source.digest, whole_groups=True)
        version = source.digest
        made = make_publication(source, {"table": query}, [], version=version, coarser=False)
        seconds = time.process_time() - start
        version_of(source)
    told = time.process_time() - start - seconds
    table = made.releases[0].table
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lost = table.about["withheld"]
    say(
        f"{seconds:.1f} s and {told:.1f} s more for a register (goal 10 in all), {memory:.0f} MB "
        f"(goal 1,000); {len(table.counts):,} cells, primary {lost['primary']:,}, "
        f"secondary {lost['secondary']:,}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(Path(sys.argv[2]))
    else:
        main()
