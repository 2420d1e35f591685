"""Quality and speed of marfa.methods.linkage beside Splink.

    MARFA_REFERENCE_DATA=/path/to/data python benchmarks/linkage.py [--size 100000] [--cores 2]

Splink runs in an environment of its own (see benchmarks/linkage_reference.py):

    python3 -m venv splink && splink/bin/pip install "splink==5.0.0" pandas
    MARFA_SPLINK=splink/bin/python python benchmarks/linkage.py

Without it its part is skipped. Nothing here chooses a parameter: the method learns from unlabelled
records, and the truth is only counted. Splink's threshold is the one at which its F1 is best.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import linkage_data as data
from linkage_data import Lists, Truth
from marfa.methods.linkage import Linkage, Options, Record, link_lists
from marfa.methods.linkage.alike import compare_vocabulary
from marfa.methods.linkage.candidates import Scope, find_candidates
from marfa.methods.linkage.fields import Field
from marfa.methods.linkage.links import _uses
from marfa.methods.linkage.pool import make_pool
from marfa.methods.linkage.records import births_of
from marfa.methods.names import skeleton

DAY = date(2026, 12, 1)
RELATIONS = (
    *("father and child", "brothers and sisters", "cousins", "twins"),
    *("namesakes, other dates", "namesakes, no date"),
)


def figures(got: Truth, truth: Truth) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    both = len(got & truth)
    precision, recall = both / max(1, len(got)), both / max(1, len(truth))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def matches(found: Linkage) -> Truth:
    return {in_order(link.left.id, link.right.id) for link in found.matches}


def completeness(lists: Lists) -> float:
    """Which share of the true pairs are candidates."""
    pool = make_pool(lists.lists, DAY)
    alike = compare_vocabulary(pool.vocabulary, _uses(pool))
    keys = find_candidates(pool, alike, Scope(pool.lists, within=False)).pairs
    ids = [record.id for record in pool.records]
    held = {in_order(ids[key // len(ids)], ids[key % len(ids)]) for key in keys.tolist()}
    truth = lists.between()
    return len(held & truth) / len(truth)


def ours(title: str, lists: Lists, options: Options) -> Linkage:
    started, cpu = time.perf_counter(), _cpu()
    found = link_lists(lists.lists, as_of=DAY, options=options)
    precision, recall, f1 = figures(
        matches(found), lists.truth if options.within else lists.between()
    )
    print(
        f"  {title:34} P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  "
        f"{time.perf_counter() - started:.0f} s, {_cpu() - cpu:.0f} s CPU, "
        f"{found.candidates:,} candidates"
    )
    return found


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Splink:
    """The other method, or nothing where its environment is absent."""

    def __init__(self) -> None:
        python = os.environ.get("MARFA_SPLINK", "")
        self.python = python if python and Path(python).exists() else None
        if self.python is None:
            print("MARFA_SPLINK names no environment with Splink: its part is skipped.")

    def run(self, title: str, lists: Lists, *, skeletons: bool = False) -> None:
        if self.python is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            paths = [
                _written(Path(folder) / f"{n}.csv", records, skeletons)
                for n, records in enumerate(lists.lists)
            ]
            script = Path(__file__).with_name("linkage_reference.py")
            done = subprocess.run(
                [self.python, str(script)],
                input=json.dumps({"lists": [str(path) for path in paths]}),
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            print(f"  {title:34} failed: {done.stderr.strip().splitlines()[-1][:120]}")
            return
        told = json.loads(done.stdout)
        truth = lists.between()
        scored = sorted(((p, in_order(a, b)) for a, b, p in told["pairs"]), reverse=True)
        best = max(
            (
                figures({pair for p, pair in scored if p >= floor}, truth)
                for floor in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
            ),
            key=lambda each: each[2],
        )
        print(
            f"  {title:34} P {best[0]:.4f}  R {best[1]:.4f}  F1 {best[2]:.4f}  "
            f"{told['seconds']:.0f} s, {told['mb']:.0f} MB"
        )


def _written(path: Path, records: Sequence[Record], skeletons: bool) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        rows = [_row(record, skeletons) for record in records]
        held = [name for name in rows[0] if any(row[name] for row in rows)]
        writer.writerow(held)
        writer.writerows([row[name] for name in held] for row in rows)
    return path


def _row(record: Record, skeletons: bool) -> dict[str, str]:
    names = {
        of.value: " ".join(record.of_field(of)) for of in (Field.GIVEN, Field.FATHER, Field.FAMILY)
    }
    if skeletons:
        names = {of: skeleton(text) for of, text in names.items()}
    births = births_of(record.of_field(Field.BIRTH))
    address = record.of_field(Field.ADDRESS)
    return {
        "unique_id": record.id,
        **names,
        "dob": births[0].earliest.isoformat() if births else "",
        "sex": " ".join(record.of_field(Field.SEX)),
        "document": " ".join(record.of_field(Field.DOCUMENT)),
        "address": " ".join(address),
        "postcode": next((text for text in address if len(text) == 4 and text.isdigit()), ""),
    }


def families(lists: Lists, found: Linkage) -> None:
    """Relatives and namesakes of whom one is on each list, and how many of them were linked."""
    ids = {record.id: record for records in lists.lists for record in records}
    relations = {
        pair: what
        for pair, what in lists.relations.items()
        if pair[0] in ids and pair[1] in ids and pair not in lists.truth
    }
    relations |= {pair: what for pair, what in namesakes(lists).items() if pair not in relations}
    linked = matches(found)
    held = Counter(relations.values())
    wrong = Counter(what for pair, what in relations.items() if in_order(*pair) in linked)
    print("  relatives and namesakes, one on each list: pairs linked")
    for what in RELATIONS:
        print(f"    {what:30} {wrong[what]:6} of {held[what]:6}")


def namesakes(lists: Lists) -> dict[tuple[str, str], str]:
    """Two people of one own, father's and family name, as the world made them."""
    found: dict[tuple[str, str], str] = {}
    sides = []
    for records in lists.lists:
        by_name: dict[tuple[int, int, int], list[Record]] = {}
        for record in records:
            person = lists.people[record.id]
            by_name.setdefault((person.own, person.father, person.family), []).append(record)
        sides.append(by_name)
    for name, ones in sides[0].items():
        for one in ones:
            for other in sides[1].get(name, ()):
                if (one.id, other.id) not in lists.truth:
                    dated = one.of_field(Field.BIRTH) and other.of_field(Field.BIRTH)
                    what = "namesakes, other dates" if dated else "namesakes, no date"
                    found[one.id, other.id] = what
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--size", type=int, default=100_000)
    asked.add_argument("--families", type=int, default=5_000)
    asked.add_argument("--cores", type=int, default=2)
    chosen = asked.parse_args()
    folder = os.environ.get("MARFA_REFERENCE_DATA")
    splink = Splink()
    plain, exclusive = Options(), Options(one_to_one=True)
    if folder:
        febrl, dev = data.febrl4(Path(folder)), data.lists_dev(Path(folder))
        print("febrl4: 5,000 and 5,000")
        ours("marfa", febrl, plain)
        ours("marfa, one to one", febrl, exclusive)
        splink.run("Splink", febrl)
        print(f"lists_dev: four lists; completeness of candidates {completeness(dev):.4f}")
        ours("marfa", dev, plain)
        ours("marfa, one to one", dev, exclusive)
        ours("marfa, sexes counted", dev, Options(count_sex=True))
        ours("marfa, within the lists too", dev, Options(within=True))
        splink.run("Splink, names as written", dev)
        splink.run("Splink, skeletons", dev, skeletons=True)
    else:
        print("MARFA_REFERENCE_DATA is not set: febrl4 and lists_dev are skipped.")
    made = data.two_desks(chosen.families)
    print(f"made families: {chosen.families:,} and as many")
    families(made, ours("marfa", made, plain))
    families(made, ours("marfa, one to one", made, exclusive))
    splink.run("Splink, skeletons", made, skeletons=True)
    narrow = data.two_desks(chosen.families, surnames=150, namesakes=chosen.families // 4)
    print(f"with 150 surnames and made namesakes: {chosen.families:,} and a quarter more")
    families(narrow, ours("marfa", narrow, plain))
    splink.run("Splink, skeletons", narrow, skeletons=True)
    if chosen.size:
        large = data.two_desks(chosen.size)
        print(f"made families: {chosen.size:,} and as many, {chosen.cores} cores")
        ours("marfa", large, Options(cores=chosen.cores))
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {used:.0f} MB, helpers apart")
        splink.run("Splink, skeletons", large, skeletons=True)


if __name__ == "__main__":
    sys.exit(main())
