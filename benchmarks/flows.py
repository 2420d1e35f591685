"""Flows against snapml, IBM's proprietary graph features, and against what was planted.

    python benchmarks/flows.py                 # everything but the comparison
    MARFA_SNAPML=/somewhere/bin/python python benchmarks/flows.py
    python benchmarks/flows.py --large 10000000

snapml stands in an environment of its own, since its licence is not free (`pip install snapml
pyarrow` there); where it is absent, that is said. All times are processor seconds of one thread,
the same run; what counts are the ratios. With MARFA_REFERENCE_DATA the ledger is the reference
one of 208,209 transactions, else one of our own of the same size.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import numpy as np
from benchmarks.flows_data import (
    CASES,
    Life,
    Made,
    Shape,
    background,
    make_society,
    plant_patterns,
)

from marfa.methods.flows import (
    Ledger,
    Parameters,
    find_patterns,
    find_typologies,
    open_ledger,
    read_accounts,
)
from marfa.methods.flows import features as numbers
from marfa.methods.flows.cycles import Limits, find_cycles

DAY = 86_400
SNAPML = """
import json, sys, time
import numpy as np, pyarrow.parquet as pq
from snapml import GraphFeaturePreprocessor
t = pq.read_table(sys.argv[1])
X = np.column_stack([t[c].to_numpy().astype(float) for c in ("n", "src", "dst", "ts", "amount")])
X = np.ascontiguousarray(X)
off = {"num_threads": 1, "time_window": -1, "max_no_edges": -1, "vertex_stats": False, "fan": False,
       "degree": False, "scatter-gather": False, "temp-cycle": False, "lc-cycle": False}
bins = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20]
tasks = {
    "fan": {"fan": True, "fan_tw": 2 * 86400, "fan_bins": bins, "degree": True,
            "degree_tw": 2 * 86400, "degree_bins": bins, "vertex_stats": True,
            "vertex_stats_tw": 86400, "vertex_stats_cols": [4], "vertex_stats_feats": [0, 1, 3, 4]},
    "cycle": {"temp-cycle": True, "temp-cycle_tw": 5 * 86400,
              "temp-cycle_bins": [2, 3, 4, 5, 6, 7]},
    "scatter": {"scatter-gather": True, "scatter-gather_tw": 5 * 86400,
                "scatter-gather_bins": [2, 3, 4, 5, 6, 8, 10]},
}
found = {}
for name, chosen in tasks.items():
    p = GraphFeaturePreprocessor()
    p.set_params({**p.get_params(), **off, **chosen})
    began = time.process_time()
    parts = [p.transform(X[i : i + 128]) for i in range(0, len(X), 128)]
    found[name] = time.process_time() - began
    if name == "cycle":
        # A cycle is told at the edge that closes it; as one batch, at every edge of it.
        p = GraphFeaturePreprocessor()
        p.set_params({**p.get_params(), **off, **chosen})
        found["closing"] = [int(n) for n in np.flatnonzero(np.vstack(parts)[:, 5:].any(axis=1))]
        found["edges"] = [int(n) for n in np.flatnonzero(p.transform(X)[:, 5:].any(axis=1))]
# Everything that it has at once, as every detector is here.
p = GraphFeaturePreprocessor()
p.set_params({**p.get_params(), **off, **{k: v for t in tasks.values() for k, v in t.items()},
              "vertex_stats_feats": list(range(11))})
began = time.process_time()
parts = [p.transform(X[i : i + 128]) for i in range(0, len(X), 128)]
found["all"] = time.process_time() - began
found["columns"] = parts[0].shape[1]
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
found["memory"] = int(status["VmHWM"].split()[0]) // 1024
print(json.dumps(found))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--large", type=int, default=0, help="transactions of a larger ledger")
    options.add_argument("--measure", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(everything(Path(asked.measure))))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder))
        shapes(Path(folder))
        cases(Path(folder))
        sizes(Path(folder), [250_000, 1_000_000, *([asked.large] if asked.large else [])])


def reference_file(folder: Path) -> Path:
    data = os.environ.get("MARFA_REFERENCE_DATA")
    if data:
        return Path(data) / "financial" / "patterns" / "patterns-200k.parquet"
    return made_file(folder, 200_000)


def made_file(folder: Path, size: int) -> Path:
    path = folder / f"made-{size}.csv"
    if not path.exists():
        made = background(random.Random(1), size, size // 10, 60)
        plant_patterns(random.Random(2), made, size // 10, 60, max(size // 2_500, 4), Shape())
        made.write(path)
    return path


def large_file(folder: Path, size: int) -> Path:
    """Strangers' payments as ``background`` makes them, drawn all at once, and planted patterns
    as dense as there."""
    path = folder / f"large-{size}.parquet"
    if path.exists():
        return path
    accounts, days, rng = size // 10, 60, np.random.default_rng(1)
    busy = rng.pareto(1.6, accounts) + 1
    src = np.searchsorted(np.cumsum(busy) / busy.sum(), rng.random(size))
    liked = np.cumsum(busy**0.7)
    far = np.searchsorted(liked / liked[-1], rng.random(size))
    near = src // 40 * 40 + rng.integers(0, 40, size)
    dst = np.where((rng.random(size) < 0.5) & (near < accounts), near, far)
    hour = np.clip(rng.normal(14, 4.5, size), 0, 23.99)
    ts = (rng.integers(0, days, size) * DAY + hour * 3_600).astype(np.int64)
    amount = np.round(rng.lognormal(4.4, 1.2, size), 2) + 0.01
    channels = np.array(["wire", "cash", "mobile", "card"])
    channel = channels[rng.choice(4, size, p=np.array([5, 1, 3, 2]) / 11)]
    made = plant_patterns(
        random.Random(2), Made(), accounts, days, max(size // 2_500, 4), Shape()
    ).rows
    planted = [np.array(column) for column in zip(*made, strict=True)]
    columns = [
        np.concatenate(pair)
        for pair in zip((src, dst, ts, amount, channel), planted[:5], strict=True)
    ]
    table = dict(zip(("src", "dst", "ts", "amount", "channel"), columns, strict=True))
    table["channel"] = table["channel"].astype(object)
    with duckdb.connect() as connection:
        connection.register("made", table)
        connection.execute(
            "COPY (SELECT 't' || row_number() OVER () AS id, 'a' || src AS src, 'a' || dst AS dst, "
            f"ts, round(amount, 2) AS amount, channel FROM made) TO '{path}' (FORMAT parquet)"
        )
    return path


def timed(run: Callable[[], object]) -> float:
    """The better of two, so that compiling does not count."""
    spent = []
    for _ in range(2):
        began = process_time()
        run()
        spent.append(process_time() - began)
    return min(spent)


def compare(folder: Path) -> None:
    print("## Against snapml (batches of 128; processor seconds, one thread)")
    with open_ledger(reference_file(folder)) as ledger:
        n = len(ledger)
        kernel = numbers.machine_code(numbers.count_sides)
        legs = numbers.machine_code(numbers.count_legs)
        raw = Limits(5 * DAY, least=0, most=0)
        ours = {"fan": {}, "cycle": {}, "scatter": {}}  # type: dict[str, dict[str, float]]
        ours["fan"]["sorting"] = timed(lambda: numbers._sides_by_sorting(ledger, 0, n))
        ours["cycle"]["SQL"] = timed(lambda: find_cycles(ledger, raw, fast=False))
        ours["scatter"]["SQL"] = timed(lambda: numbers._legs_in_sql(ledger, 0, n))
        if kernel is not None and legs is not None:
            ours["fan"]["kernel"] = timed(lambda: numbers._sides_by_kernel(ledger, 0, n, kernel))
            ours["cycle"]["kernel"] = timed(lambda: find_cycles(ledger, raw))
            ours["scatter"]["kernel"] = timed(lambda: numbers._legs_by_kernel(ledger, 0, n, legs))
        cycles = find_cycles(ledger, raw)
        theirs = snapml(ledger, folder)
    memory = measured(reference_file(folder))["memory"]
    for task, spent in ours.items():
        for how, seconds in spent.items():
            ratio = f"{theirs[task] / seconds:6.1f} times" if theirs else ""
            other = f"{theirs[task]:7.2f}" if theirs else "      -"
            print(f"{task:<10}{how:<8}{seconds:7.3f}   snapml {other}   {ratio}")
    if not theirs:
        print("snapml is not here: MARFA_SNAPML names the Python that has it")
        return
    edges = {row for rows in cycles for row in rows}
    same = edges == set(theirs["edges"])
    print(f"edges in cycles: ours {len(edges)}, snapml {len(theirs['edges'])}, the same: {same}")
    print(f"everything: snapml {theirs['all']:.2f} s, {theirs['columns']} columns")
    print(f"memory: every detector {memory} MB, snapml {theirs['memory']} MB, "
          f"{memory / theirs['memory']:.2f}")  # fmt: skip


def snapml(ledger: Ledger, folder: Path) -> dict[str, object] | None:
    python = os.environ.get("MARFA_SNAPML")
    if not python:
        return None
    table, script = folder / "snapml.parquet", folder / "snapml_run.py"
    ledger.connection.execute(f"COPY (FROM t ORDER BY n) TO '{table}' (FORMAT parquet)")
    script.write_text(SNAPML, encoding="utf-8")
    told = subprocess.run([python, str(script), str(table)], capture_output=True, text=True)
    if told.returncode:
        print(f"snapml failed: {told.stderr.splitlines()[-1]}")
        return None
    return dict(json.loads(told.stdout))


def everything(path: Path) -> dict[str, float]:
    """Every detector on a file, in a process of its own."""
    began = process_time()
    with open_ledger(path) as ledger:
        read = process_time() - began
        found = find_patterns(ledger)
        return {
            "transactions": len(ledger),
            "read": read,
            "seconds": process_time() - began,
            "memory": most_memory(),
            "findings": sum(len(each) for each in found.findings.values()),
        }


def most_memory() -> int:
    """MB at most in this process; what getrusage says takes in the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def measured(path: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def sizes(folder: Path, asked: list[int]) -> None:
    print("\n## Every detector, file read included")
    for size in asked:
        told = measured(large_file(folder, size))
        print(f"{told['transactions']:>12,.0f}  {told['seconds']:8.1f} s  "
              f"{told['seconds'] / told['transactions'] * 1e6:6.1f} µs each  "
              f"{told['memory']:6.0f} MB  {told['findings']:.0f} findings")  # fmt: skip


def shapes(folder: Path) -> None:
    print("\n## Planted shapes found (half their transactions), and planted share of what is told")
    for name, shape in {
        "plain": Shape(),
        "longer, less alike": Shape(days=2.7, spread=0.19, kept=(0.87, 0.98), hold_hours=10),
        "small sums, limit 5000": Shape(sum=(60, 900), most=8, limit=5_000),
    }.items():
        made = background(random.Random(5), 60_000, 6_000, 60)
        plant_patterns(random.Random(6), made, 6_000, 60, 40, shape)
        path = folder / "shapes.csv"
        planted = made.write(path)
        tell_shapes(name, path, planted, int(shape.limit))


def tell_shapes(name: str, path: Path, planted: dict[str, str], limit: int) -> None:
    instances: dict[str, set[str]] = defaultdict(set)
    for each, instance in planted.items():
        if instance:
            instances[instance].add(each)
    with open_ledger(path) as ledger:
        found = find_patterns(ledger, parameters=Parameters(structuring_limit=limit))
        told = {
            kind: {ledger.ids[row] for finding in findings for row in finding.rows}
            for kind, findings in found.findings.items()
        }
    line = []
    for kind, ids in told.items():
        mine = [rows for key, rows in instances.items() if key.startswith(f"{kind}:")]
        recall = np.mean([len(rows & ids) * 2 >= len(rows) for rows in mine])
        line.append(f"{kind} {recall:.2f}")
    flagged = set().union(*told.values())
    share = np.mean([bool(planted[each]) for each in flagged])
    print(f"{name}: {', '.join(line)}; planted {share:.2f} of {len(flagged)}")


def cases(folder: Path) -> None:
    print("\n## Cases among made-up people, honest lives beside them")
    for seed, life in enumerate(
        (
            Life(),
            Life(wage=(1_500, 2_600), price=(110, 130, 180), small=(20, 95)),
            Life(returned=(0.61, 0.8), days=120),
        ),
        21,
    ):
        made = make_society(random.Random(seed), life)
        ledger_file, accounts_file = folder / "society.csv", folder / "accounts.csv"
        planted = made.write(ledger_file)
        made.write_accounts(accounts_file)
        with open_ledger(ledger_file) as ledger:
            began = process_time()
            found = find_typologies(ledger, read_accounts(accounts_file))
            spent = process_time() - began
            tell_cases(ledger, planted, made.roles, found, life.cases, spent)


def tell_cases(ledger, planted, roles, found, number, spent) -> None:  # type: ignore[no-untyped-def]
    whole = Counter(planted.values())
    hit, true, right, told = set(), 0, Counter(), Counter()
    for case in found:
        names = Counter(planted[ledger.ids[row]] for row in case.draft.rows)
        own = {n: c for n, c in names.items() if n.startswith(f"{case.draft.typology}:")}
        labelled = sum(count for name, count in names.items() if name)
        best = max(own.values(), default=0)
        true += best * 2 >= labelled and best * 3 >= len(case.draft.rows)
        hit |= {name for name, count in own.items() if count * 3 >= whole[name]}
        for entry in case.entries:
            role = roles.get(int(ledger.names[entry.account][1:]), "")
            told[entry.handling, role] += 1
            if role in {"victim", "controller"}:
                right[entry.role == role] += 1
    shares = ", ".join(f"{t} {sum(n.startswith(t + ':') for n in hit) / number:.2f}" for t in CASES)
    reported = {role or "nobody planted": n for (h, role), n in told.items() if h == "report"}
    share = right[True] / max(right.total(), 1)
    print(f"{shares}; false {len(found) - true} of {len(found)}; roles {share:.2f}")
    print(f"    reported {reported}; {spent:.1f} s")


if __name__ == "__main__":
    main()
