"""Quality and speed of marfa.methods.names beside nomenklatura's logic-v2 and index, and RapidFuzz.

    MARFA_REFERENCE_DATA=/path/to/data python benchmarks/names.py [--small | --full]
    python benchmarks/names.py --calibrate      # writes the limits that ship

The other matchers run in an environment of their own (see benchmarks/names_reference.py and
names_reference_index.py):

    python3 -m venv references
    references/bin/pip install "nomenklatura==4.17.4" "rapidfuzz==3.14.6"
    python benchmarks/names.py --reference-python references/bin/python

(or MARFA_REFERENCE_PYTHON=references/bin/python). Without it their part is skipped.

The lines end with one table of the figures that are promised, ours beside the others. ``--full``
adds a million names, and two lists of 100,000 against one another; ``--small`` takes samples and
shorter lists, whose sizes are printed.

Half of the labelled pairs (by bearer) choose the limits, the other half is only measured; figures
are shown for both together ("all") and for the measured half ("held").
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

import names_data as data
from marfa.methods import names as marfa_names
from marfa.methods.names import Comparer, NameIndex
from marfa.methods.names.index import SOUGHT

LOGIC_V2, TOKEN_SET, JARO = 0.70, 0.80, 0.88
"""Thresholds in common use: nomenklatura's own, and the usual one for a ratio of tokens."""

SMALL = False
"""Whether samples are taken."""

LIMITS = Path(marfa_names.__file__).parent / "data" / "limits.json"
Scored = tuple[data.Pair, float]


class Line(NamedTuple):
    """A line of the table at the end; empty where another matcher was not run on it."""

    what: str
    ours: str
    logic_v2: str = ""
    rapidfuzz: str = ""
    jaro_winkler: str = ""


TABLE: list[Line] = []


def print_table() -> None:
    print()
    for line in (Line("", "marfa", "logic-v2", "RapidFuzz", "Jaro-Winkler"), *TABLE):
        print(f"{line[0]:58} " + " ".join(f"{value:>24}" for value in line[1:]).rstrip())


class References:
    """The other matchers, or nothing where their environment is absent."""

    def __init__(self, python: str | None) -> None:
        self.python = python if python and Path(python).exists() else None
        if self.python is None:
            print("No environment with the reference matchers (--reference-python): skipped.")

    def scores(self, pairs: Iterable[tuple[str, str, str]]) -> list[tuple[float, float]]:
        """logic-v2 and token_set for each (kind, left, right); empty without references."""
        if self.python is None:
            return []
        lines = "".join(json.dumps(list(pair)) + "\n" for pair in pairs)
        script = Path(__file__).with_name("names_reference.py")
        done = subprocess.run(
            [self.python, str(script)], input=lines, capture_output=True, text=True, check=True
        )
        return [tuple(json.loads(line)) for line in done.stdout.splitlines()]

    def candidates(
        self, entries: Sequence[tuple[str, str]], queries: Sequence[str]
    ) -> list[list[str]]:
        """Keys that nomenklatura's index proposes for each query; empty without references."""
        if self.python is None:
            return []
        script = Path(__file__).with_name("names_reference_index.py")
        asked = json.dumps({"listed": list(entries), "queries": list(queries)})
        done = subprocess.run(
            [self.python, str(script)], input=asked, capture_output=True, text=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]


def by_command(pairs: Sequence[data.Pair]) -> list[tuple[float, bool]]:
    """Score and match of each pair as ``marfa names compare --pairs`` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "pairs.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["a", "b"])
            writer.writerows((pair.left, pair.right) for pair in pairs)
        command = [sys.executable, "-m", "marfa", "names", "compare", "--pairs", str(source)]
        command += ["--left", "a", "--right", "b", "--out", str(target)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with target.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            return [(float(r["score"] or 0), r["match"] == "true") for r in rows]


def figures(labels: Sequence[bool], matches: Sequence[bool]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    both = sum(1 for label, match in zip(labels, matches, strict=True) if label and match)
    precision = both / max(1, sum(matches))
    recall = both / max(1, sum(labels))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def row(name: str, labels: Sequence[bool], matches: Sequence[bool]) -> None:
    precision, recall, f1 = figures(labels, matches)
    wrong = sum(1 for label, match in zip(labels, matches, strict=True) if match and not label)
    print(f"  {name:28} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  (false {wrong})")


def pair_set(title: str, pairs: Sequence[data.Pair], references: References) -> None:
    true = sum(pair.same for pair in pairs)
    print(f"\n{title}: {len(pairs)} pairs, {true} true to {len(pairs) - true} false")
    labels = [pair.same for pair in pairs]
    ours = [match for _score, match in by_command(pairs)]
    row("marfa, all", labels, ours)
    held = [number for number, pair in enumerate(pairs) if not pair.calibrates]
    row("marfa, held", [labels[n] for n in held], [ours[n] for n in held])
    sorted_words = [jaro_winkler(pair.left, pair.right) for pair in pairs]
    row(f"Jaro-Winkler at {JARO:.2f}", labels, [value >= JARO for value in sorted_words])
    scores = references.scores((pair.kind, pair.left, pair.right) for pair in pairs)
    matches = [[value >= JARO for value in sorted_words]]
    for place, threshold in enumerate((LOGIC_V2, TOKEN_SET)):
        matches.insert(place, [score[place] >= threshold for score in scores])
    told = [_f1(labels, found) for found in matches]
    TABLE.append(Line(f"{title}: P / R / F1", _f1(labels, ours), *told))
    if scores:
        row(f"logic-v2 at {LOGIC_V2:.2f}", labels, [one >= LOGIC_V2 for one, _other in scores])
        row(f"RapidFuzz set at {TOKEN_SET:.2f}", labels, [two >= TOKEN_SET for _one, two in scores])
        theirs = figures(labels, [one >= LOGIC_V2 for one, _other in scores])[2]
        ratio = f"{figures(labels, ours)[2] / theirs:.2f}" if theirs else "logic-v2 finds none"
        print(f"  ratio of F1 to logic-v2: {ratio}")


def _f1(labels: Sequence[bool], matches: Sequence[bool]) -> str:
    if not matches:
        return ""
    return " / ".join(f"{value:.3f}" for value in figures(labels, matches))


def jaro_winkler(left: str, right: str) -> float:
    """Of the words in alphabetical order, in plain letters, as record linkage compares names."""
    plain = (" ".join(sorted(anyascii(name).lower().split())) for name in (left, right))
    return float(JaroWinkler.similarity(*plain))


def variants(pairs: Sequence[data.Pair], references: References, full: bool) -> None:
    """Recall in each class of mechanical variants, false hits among nearest names."""
    print("\nVariants of order, comma, particles, missing parts: recall in each class")
    chosen = [p for p in pairs if p.category.startswith("mech_") or p.category == "hard_negative"]
    if SMALL:
        chosen = chosen[::8]
    ours = [match for _score, match in by_command(chosen)]
    some = chosen if full or SMALL else chosen[::8]
    scores = references.scores((pair.kind, pair.left, pair.right) for pair in some)
    others = {id(pair): score for pair, score in zip(some, scores, strict=False)}
    if scores and not full:
        print("  (the others on one pair in eight; all with --full)")
    for category in sorted({pair.category for pair in chosen}):
        places = [n for n, pair in enumerate(chosen) if pair.category == category]
        judged = [others[id(chosen[n])] for n in places if id(chosen[n]) in others]
        shown = [
            _share([ours[n] for n in places]),
            _share([one >= LOGIC_V2 for one, _two in judged]),
            _share([two >= TOKEN_SET for _one, two in judged]),
        ]
        name = "nearest names, accepted" if category == "hard_negative" else category
        print(f"  {name:28} marfa {shown[0]}  logic-v2 {shown[1]}  RapidFuzz {shown[2]}")


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found) / len(found):.3f}" if found else "  -  "


def listed(folder: Path, references: References, full: bool) -> None:
    """Arabic queries against the list in Latin letters: right one first, and unrelated names."""
    entries = data.un_list(folder)
    index = NameIndex()
    for entry in entries:
        index.add(entry.reference, entry.name)
    queries = [e for e in entries if e.individual and any("؀" <= c <= "ۿ" for c in e.original)]
    if SMALL:
        queries = queries[::4]
    first = ten = 0
    for entry in queries:
        hits = [hit.key for hit in index.search(entry.original, 10)]
        first += hits[:1] == [entry.reference]
        ten += entry.reference in hits
    TABLE.append(Line("Arabic query, Latin list: first", f"{first / len(queries):.3f}"))
    print(f"\nArabic query against a Latin list of {len(entries)}: {len(queries)} queries")
    print(f"  marfa                 first {first / len(queries):.3f}  ten {ten / len(queries):.3f}")
    if references.python:
        pool = [(entry.reference, entry.name) for entry in entries]
        proposed = references.candidates(pool, [entry.original for entry in queries])
        shares = [
            sum(e.reference in found[:most] for e, found in zip(queries, proposed, strict=True))
            for most in (1, 10, 75)
        ]
        told = [f"{share / len(queries):.3f}" for share in shares]
        print(f"  nomenklatura's index  first {told[0]}  ten {told[1]}  candidates {told[2]}")
        some = queries if full else queries[::20]
        theirs = _reference_first(references, some, entries)
        print(f"  logic-v2              first {theirs[0]:.3f}   ({len(some)} queries)")
        print(f"  RapidFuzz token_set   first {theirs[1]:.3f}   ({len(some)} queries)")
    unrelated(index, data.in_arabic(data.synthetic_rows(folder)), full)


def _reference_first(
    references: References, queries: Sequence[data.Listed], entries: Sequence[data.Listed]
) -> tuple[float, float]:
    pairs = [("Person", query.original, entry.name) for query in queries for entry in entries]
    scores = references.scores(pairs)
    first = [0, 0]
    for number, query in enumerate(queries):
        own = scores[number * len(entries) : (number + 1) * len(entries)]
        for which in (0, 1):
            values = [score[which] for score in own]
            first[which] += entries[values.index(max(values))].reference == query.reference
    return first[0] / len(queries), first[1] / len(queries)


def unrelated(index: NameIndex, queries: Sequence[str], full: bool) -> None:
    some = queries if full else queries[: 100 if SMALL else 300]
    hits = sum(any(hit.comparison.match for hit in index.search(name, 5)) for name in some)
    share = hits / len(some)
    print(f"  unrelated Arabic names with any hit: {hits} of {len(some)} ({share:.1%})")


def registers(folder: Path) -> None:
    """False hits on registers of invented people, and the speed of searching the larger one."""
    rows = data.synthetic_rows(folder)
    known, strangers = rows[:9000], [entry["full_name"] for entry in rows[9000:9300]]
    strangers = strangers[:60] if SMALL else strangers
    for size in (1_000, 10_000 if SMALL else 50_000):
        names = data.register(known, size)
        started = time.process_time()
        index = NameIndex()
        for number, name in enumerate(names):
            index.add(str(number), name)
        built = time.process_time() - started
        hits = sum(sum(h.comparison.match for h in index.search(n, 50)) for n in strangers)
        print(f"\nRegister of {size:,} invented people (built in {built:.1f} s CPU)")
        print(f"  false hits a query: {hits / len(strangers):.2f} ({len(strangers)} strangers)")
    if not SMALL:
        print(f"  memory: {memory(names):.0f} bytes a name (allocated by the index)")
    speed(index, names, f"{len(names):,} people of all scripts")


def memory(names: Sequence[str]) -> float:
    """Bytes a name that an index of its own allocates."""
    tracemalloc.start()
    index = NameIndex()
    for number, name in enumerate(names):
        index.add(str(number), name)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return size / len(names)


def speed(index: NameIndex, names: Sequence[str], title: str) -> None:
    """Searches a second beside a scan by RapidFuzz, when parts are met first and once known."""
    queries = names[7::83][: 100 if SMALL else 600]
    index.forget()
    rates: list[float] = []
    for _round in ("first use", "once known"):
        taken: list[float] = []
        for query in queries:
            started = time.process_time()
            index.search(query, 10)
            taken.append(time.process_time() - started)
        taken.sort()
        rates.append(len(taken) / sum(taken))
        late = taken[int(0.95 * len(taken))] * 1000
        print(f"  {_round}: {rates[-1]:.0f} searches a second, one core; p95 {late:.1f} ms")
    TABLE.append(Line(f"{title}: p95 of a search once parts are known, ms", f"{late:.1f}"))
    from rapidfuzz import process
    from rapidfuzz.fuzz import token_set_ratio

    started = time.process_time()
    for query in queries[:20]:
        process.extract(query, names, scorer=token_set_ratio, limit=10)
    scan = 20 / (time.process_time() - started)
    ratios = " / ".join(f"{rate / scan:.1f}" for rate in rates)
    print(f"  RapidFuzz token_set over all names: {scan:.0f} a second; ratio {ratios}")
    told = " / ".join(f"{rate:.0f}" for rate in rates)
    what = f"{title}: searches a second, first use / known"
    TABLE.append(Line(what, f"{told} ({ratios} x)", "", f"{scan:.0f}"))


def chains(size: int) -> None:
    """A register of chains of common names: speed, memory."""
    title = f"{size:,} chains of names"
    names = data.chains(size)
    started = time.process_time()
    index = NameIndex()
    for number, name in enumerate(names):
        index.add(str(number), name)
    print(f"\n{title} (built in {time.process_time() - started:.0f} s CPU)")
    speed(index, names, title)
    if size <= 50_000:
        some = names[:10_000] if SMALL else names
        TABLE.append(Line(f"{title}: bytes a name at {len(some):,}", f"{memory(some):.0f}"))


def family() -> None:
    """Close relatives: accepted by name alone, and with the years of birth."""
    print("\nClose relatives (invented): accepted as one person, of 10 each")
    comparer = Comparer()
    everyone = data.relatives()
    for relation in sorted({case.relation for case in everyone}):
        cases = [case for case in everyone if case.relation == relation]
        alone = sum(comparer.compare(c.left, c.right).match for c in cases)
        dated = sum(
            comparer.compare(
                c.left, c.right, context={"left": {"born": c.born[0]}, "right": {"born": c.born[1]}}
            ).match
            for c in cases
        )
        print(f"  {relation:28} by name {alone}  with years of birth {dated}")


def calibrate(folder: Path) -> None:
    """Choose limits on the calibrating half of each set, and write them with their data."""
    un, bench = data.un_pairs(folder), data.name_bench(folder)
    variants = [p for p in un if p.category.startswith("mech_") or p.category == "hard_negative"]
    cross = [p for p in un if data.is_cross_person(p) and "cyrillic" not in p.category]
    originals = "UN list names in their original script and the nearest other names"
    invented = "invented Arabic-script names with the listed names nearest to them"
    sets = {
        "Arab-Latn": (f"{originals}; {invented}", [_half(cross) + strangers(folder)]),
        "Cyrl-Latn": (
            "names built of words in Cyrillic and Latin letters (Wikidata)",
            [_half(data.spelled(folder, "russian"))],
        ),
        "Hani-Latn": ("public figures in Han characters and pinyin", [_half(data.chinese())]),
        "Latn-Latn": (
            "name_bench; variants of UN list names and the nearest other names",
            [_half(bench), _half(variants)],
        ),
    }
    rows = [limits(scripts, title, parts) for scripts, (title, parts) in sets.items()]
    text = json.dumps({"limits": rows}, indent=2, ensure_ascii=False) + "\n"
    LIMITS.write_text(text, encoding="utf-8")
    print(text)


def _half(pairs: Iterable[data.Pair]) -> list[data.Pair]:
    return [pair for pair in pairs if pair.calibrates]


def strangers(folder: Path) -> list[data.Pair]:
    """Invented Arabic-script names, each with the listed name that is nearest by score."""
    index = NameIndex()
    for entry in data.un_list(folder):
        index.add(entry.reference, entry.name)
    names = data.in_arabic(data.synthetic_rows(folder))[300:]
    found = [(name, index.search(name, 1)) for name in names]
    return [data.Pair(name, hits[0].name, False) for name, hits in found if hits]


def limits(scripts: str, title: str, sets: Sequence[Sequence[data.Pair]]) -> dict[str, object]:
    """The strictest threshold that does as well as any, and a looser one for a second look.

    Where there are several sets, each weighs the same, whatever its size.
    """
    comparer = Comparer()
    scored = [[(p, comparer.compare(p.left, p.right).score) for p in pairs] for pairs in sets]
    # Below that a search may miss what a comparison accepts.
    threshold = max(_strictest(scored), SOUGHT)
    review = min(_loosest(scored), threshold - 0.05)
    labels = [pair.same for pairs in sets for pair in pairs]
    matches = [score >= threshold for pairs in scored for _pair, score in pairs]
    precision, recall, f1 = (round(value, 3) for value in figures(labels, matches))
    return {
        "scripts": scripts,
        "threshold": round(threshold, 3),
        "review": round(review, 3),
        "data": title,
        "true_pairs": sum(labels),
        "false_pairs": len(labels) - sum(labels),
        "ratio_true_to_false": round(sum(labels) / max(1, len(labels) - sum(labels)), 3),
        "calibration": {"precision": precision, "recall": recall, "f1": f1},
    }


Sets = Sequence[Sequence[Scored]]
_STEPS = [0.50 + n / 100 for n in range(31)]
"""Up to 0.80: above, a set without much noise would ask for more than real records give."""


def _strictest(sets: Sets) -> float:
    """The highest threshold that finds as much, within half a percent, as that with the best F1."""
    best = max(_STEPS, key=lambda step: _f(sets, step, 1.0))
    wanted = _recall(sets, best) - 0.005
    return max(step for step in _STEPS if _recall(sets, step) >= wanted)


def _loosest(sets: Sets) -> float:
    """The lowest threshold whose F2, where recall weighs double, is within 0.005 of the best."""
    values = {step: _f(sets, step, 2.0) for step in _STEPS}
    return min(step for step in _STEPS if values[step] >= max(values.values()) - 0.005)


def _recall(sets: Sets, threshold: float) -> float:
    return sum(_figures(scored, threshold)[1] for scored in sets) / len(sets)


def _f(sets: Sets, threshold: float, beta: float) -> float:
    square = beta * beta
    total = 0.0
    for scored in sets:
        precision, recall, _f1 = _figures(scored, threshold)
        total += (1 + square) * precision * recall / max(1e-9, square * precision + recall)
    return total / len(sets)


def _figures(scored: Sequence[Scored], threshold: float) -> tuple[float, float, float]:
    return figures([p.same for p, _s in scored], [s >= threshold for _p, s in scored])


def own_pairs(references: References) -> None:
    """Pairs written by hand, in families; what each family and each relation comes to."""
    pairs = data.own_pairs()
    pair_set("Pairs of our own", pairs, references)
    comparer = Comparer()
    shares: dict[tuple[bool, str], list[bool]] = {}
    for pair in pairs:
        matches = comparer.compare(pair.left, pair.right).match
        shares.setdefault((pair.same, pair.category), []).append(matches)
    for relation in ("sibling", "parent"):
        found = shares[False, relation]
        TABLE.append(Line(f"  {relation}s accepted, of {len(found)}", _share(found)))
    for kind in ("nicknames", "ocr-joined", "burmese", "somali", "west-africa"):
        TABLE.append(Line(f"  {kind}: recall", _share(shares[True, kind])))
    for (same, category), found in sorted(shares.items()):
        what = "found" if same else "accepted, other people"
        print(f"  {category:28} {what} {_share(found)} of {len(found)}")


def whole_list(folder: Path, full: bool) -> None:
    """Every name of the list: a search beside a full scan, and invented people with any hit."""
    names = data.un_names(folder)
    index = NameIndex()
    for reference, kind, name in names:
        index.add(reference, name, kind=kind)
    comparer, chance = Comparer(), random.Random(data.SEED)
    found = wanted = 0
    for _reference, _kind, query in chance.sample(names, 400 if full else 6 if SMALL else 25):
        likely: dict[str, float] = {}
        for reference, _of, name in names:
            each = comparer.compare(query, name)
            if each.match:
                likely[reference] = max(each.score, likely.get(reference, 0.0))
        best = sorted(likely, key=lambda key: (-likely[key], key))[:10]
        hits = {hit.key for hit in index.search(query, 10)}
        worst = min((likely[key] for key in best), default=0.0)
        sure = [key for key in best if likely[key] > worst or len(likely) <= 10]
        found += sum(key in hits for key in sure)
        wanted += len(sure)
    print(f"\nWhole list, {len(names)} names: a search finds {found} of {wanted} that a scan finds")
    TABLE.append(
        Line("likely by a scan of the whole list, found by search", f"{found} of {wanted}")
    )
    invented = [row["full_name"] for row in data.synthetic_rows(folder)[:: 30 if SMALL else 20]]
    register = data.chains(100 if SMALL else 300)
    for title, people in (("invented people", invented), ("chains of common names", register)):
        shares = [
            _hit_share(index, people, kind, asked)
            for kind, asked in ((None, False), ("person", True))
        ]
        told = " / ".join(f"{share:.2%}" for share in shares)
        sized = f"{title} ({len(people)}) with any likely hit, as records / as a query"
        TABLE.append(Line(sized, told))


def _hit_share(index: NameIndex, names: Sequence[str], kind: str | None, asked: bool) -> float:
    found = [index.search(name, 1, kind=kind, as_query=asked) for name in names]
    return sum(bool(hits) and hits[0].comparison.match for hits in found) / len(names)


def bulk(size: int) -> None:
    """Two registers against one another on two cores."""
    names = data.chains(2 * size)
    left = [(str(number), name) for number, name in enumerate(names[:size])]
    right = [(str(number), name) for number, name in enumerate(names[size:])]
    started = time.perf_counter()
    count = sum(1 for _pair in marfa_names.pairs(left, right, 0.85, cores=2))
    taken = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    work, most = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    told = f"{taken:.0f} s, {work:.0f} s CPU, {most:.0f} MB a process"
    print(f"\n{size:,} against {size:,} names, two cores, floor 0.85: {count} pairs, {told}")
    TABLE.append(Line(f"{size:,} against {size:,}, two cores", told))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", default=os.environ.get("MARFA_REFERENCE_DATA"))
    parser.add_argument("--reference-python", default=os.environ.get("MARFA_REFERENCE_PYTHON"))
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    global SMALL
    SMALL = options.small
    family()
    own_pairs(References(options.reference_python))
    if not options.calibrate:
        chains(50_000)
        bulk(100_000 if options.full else 1_000 if SMALL else 5_000)
        if options.full:
            chains(1_000_000)
    folder = Path(options.data) / "sanctions" if options.data else None
    if folder is None or not folder.is_dir():
        print("No reference data (MARFA_REFERENCE_DATA): only what is built in was measured.")
        print_table()
        return
    if options.calibrate:
        calibrate(folder)
        return
    references = References(options.reference_python)
    un = data.un_pairs(folder)
    pair_set("Persons across scripts", [p for p in un if data.is_cross_person(p)], references)
    pair_set("name_bench", data.name_bench(folder), references)
    pair_set("Chinese names, Han and pinyin", data.chinese(), references)
    cyrillic = data.spelled(folder, "russian")
    pair_set("Words of names in Cyrillic", cyrillic if options.full else cyrillic[:300], references)
    variants(un, references, options.full)
    listed(folder, references, options.full)
    whole_list(folder, options.full)
    registers(folder)
    print_table()


if __name__ == "__main__":
    main()
