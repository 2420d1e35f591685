"""Watchlists: lists read and compared, names screened, registers screened again.

    python benchmarks/watchlists.py                        # what needs no published list
    MARFA_REFERENCE_DATA=... python benchmarks/watchlists.py [--small | --full]

Times are processor seconds of one thread of the same run; what counts are the ratios. The
reference of screening is a scan of the same list by RapidFuzz (token_set_ratio of ASCII names) at
0.80; beside hidden aliases stands logic-v2 where MARFA_REFERENCE_PYTHON names an environment that
has it (watchlists_reference.py). Rows of lists that are published need them; made lists stand in
where they are absent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from anyascii import anyascii
from benchmarks import names_data
from rapidfuzz import fuzz, process, utils

from marfa.methods.names import Comparer, Kind, normalise
from marfa.methods.watchlists import (
    Entry,
    ListedName,
    Quality,
    Result,
    Screener,
    Subject,
    Watch,
    compare_versions,
    read_source,
)

Entries = Mapping[str, Entry]
OLD, NEW = "un_consolidated_2024-09-26.xml", "un_consolidated_2026-02-27.xml"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--full", action="store_true", help="all queries; otherwise a sample")
    options.add_argument("--small", action="store_true", help="a sample of a quarter")
    given = options.parse_args()
    full = given.full
    part = 4 if given.small else 1
    reference = os.environ.get("MARFA_REFERENCE_DATA")
    if reference is None:
        entries = made_list(1_000)
        speed(entries, names_data.chains(300 if full else 100), "invented chains")
        rescreening(made_list(860), entries, 300, 300)
        return
    folder = Path(reference) / "sanctions"
    old, new = importing(folder)
    delta(old, new)
    chance = random.Random(42)
    original_script(new, chance, 336 if full else 120 // part)
    likely_found(new, chance, 100 if full else 24 // part)
    hidden_aliases(new, chance, 250 if full else 60 // part)
    false_hits(folder, new, 500 if full else 600 // part)
    rows = names_data.synthetic_rows(folder)
    speed(
        new, [row["full_name"] for row in rows[: 1_000 if full else 300 // part]], "invented people"
    )
    rescreening(old, new, 400 // part, 200 // part)
    rescreening(old, new, 100_000 if full else 10_000, 400 if full else 200 // part)


def line(what: str, found: str, reach: str = "") -> None:
    print(f"{what:<66} {found:<34} {reach}", flush=True)


def timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def importing(folder: Path) -> tuple[Entries, Entries]:
    start = process_time()
    new = read_source(folder / NEW)
    read = process_time() - start
    Screener(("un", each) for each in new.values())
    whole = process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(
        "UN list read / read and indexed",
        f"{read:.1f} s / {whole:.1f} s, {most:.0f} MB",
        "3 s, 300 MB",
    )
    return read_source(folder / OLD), new


def delta(old: Entries, new: Entries) -> None:
    found = compare_versions(old.values(), new.values()).counts
    line("diff of the two lists", str(found), "134, 6, 4, 167")


def asked(name: str, kind: str = "person") -> Subject:
    return Subject("s", (name,), Kind(kind))


def original_script(new: Entries, chance: random.Random, count: int) -> None:
    """Each original name against the list without any name in that script."""
    latin = {key: latin_alone(entry) for key, entry in new.items()}
    screener = Screener(("un", each) for each in latin.values())
    queries = [
        (entry, each.text)
        for entry in new.values()
        for each in entry.names
        if each.quality is Quality.ORIGINAL and entry.kind == "person"
    ]
    first = 0
    queries = chance.sample(queries, min(count, len(queries)))
    for entry, name in queries:
        found = screener.screen(asked(name))
        first += bool(found) and found[0].reference == entry.reference
    line(
        f"original script against the Latin list, first ({len(queries)})",
        share(first, queries),
        "0.985",
    )


def latin_alone(entry: Entry) -> Entry:
    kept = tuple(each for each in entry.names if all(c < "\u0370" for c in each.text))
    return replace(entry, names=kept or entry.names[:1])


def likely_found(new: Entries, chance: random.Random, count: int) -> None:
    """Names of the list asked as queries: what comparing with every name calls likely, found."""
    every = [(e, each.text) for e in new.values() if e.kind == "person" for each in e.names]
    screener = Screener((("un", each) for each in new.values()), threshold=0.6)
    comparer = Comparer()
    wanted = got = 0
    lost: list[str] = []
    for _entry, query in chance.sample(every, count):
        likely = {
            entry.reference
            for entry, name in every
            if comparer.compare(query, name, query=True).match and not is_one_part_rule(query, name)
        }
        found = {each.reference for each in screener.screen(asked(query))}
        wanted += len(likely)
        got += len(likely & found)
        lost += [f"{query} {reference}" for reference in likely - found]
    line(
        f"likely by full comparison, found by screening ({count} names)",
        f"{got} of {wanted}",
        "0.999",
    )
    for each in lost:
        print("   lost:", each)


def is_one_part_rule(query: str, name: str) -> bool:
    """What the rule about aliases of one part leaves out on purpose."""
    from marfa.methods.watchlists.name_strings import count_parts

    return count_parts(name) <= 1 < count_parts(query)


def hidden_aliases(new: Entries, chance: random.Random, count: int) -> None:
    """One Good alias of an entry hidden, and asked for."""
    held = [
        (entry, each)
        for entry in new.values()
        for each in entry.names
        if each.quality is Quality.GOOD and entry.kind == "person"
    ]
    chance.shuffle(held)
    hidden: dict[str, ListedName] = {}
    for entry, each in held:
        if len(hidden) < count:
            hidden.setdefault(entry.reference, each)
    left = [
        replace(e, names=tuple(n for n in e.names if n != hidden.get(e.reference)))
        for e in new.values()
    ]
    screener = Screener((("un", each) for each in left), threshold=0.45)
    first = sum(
        bool(found := screener.screen(asked(each.text))) and found[0].reference == reference
        for reference, each in hidden.items()
    )
    line(f"hidden alias found first ({len(hidden)})", share(first, hidden), "0.78")
    python = os.environ.get("MARFA_REFERENCE_PYTHON")
    if python is not None:
        people = [(e.reference, [n.text for n in e.names]) for e in left if e.kind == "person"]
        queries = [(reference, each.text) for reference, each in hidden.items()]
        line("  the same by logic-v2", share(logic_v2(python, people, queries), hidden))


def logic_v2(python: str, people: Sequence[object], queries: Sequence[object]) -> int:
    """How many of the queries logic-v2 puts first, in an environment that has it."""
    ran = subprocess.run(
        [python, str(Path(__file__).with_name("watchlists_reference.py"))],
        input=json.dumps({"list": people, "queries": queries}),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ran.stdout)


def false_hits(folder: Path, new: Entries, count: int) -> None:
    """Invented people, none of whom is listed: how many have anybody to be looked at."""
    screener = Screener(("un", each) for each in new.values())
    chains = names_data.chains(count)
    rows = names_data.synthetic_rows(folder)[:count]
    people = [row["full_name"] for row in rows]
    for title, names, reach in (
        ("register names of common parts with any hit", chains, "5%"),
        ("invented persons of mixed scripts with any hit", people, "0.3%"),
    ):
        hit = [name for name in names if any(each.is_hit for each in screener.screen(asked(name)))]
        line(f"{title} ({len(names)})", f"{len(hit) / len(names):.1%} ({len(hit)})", reach)


def speed(entries: Entries, names: Sequence[str], title: str) -> None:
    """Names a second, the first time and once their parts are known, against a scan."""
    screener = Screener(("un", each) for each in entries.values())
    plain = [utils.default_process(anyascii(n.text)) for e in entries.values() for n in e.names]
    queries = [utils.default_process(anyascii(name)) for name in names]

    def screen() -> None:
        for name in names:
            screener.screen(asked(name))

    def scan() -> None:
        for query in queries:
            process.extract(query, plain, scorer=fuzz.token_set_ratio, score_cutoff=80, limit=10)

    first, again, other = timed(screen), timed(screen), timed(scan)
    rates = (
        f"{len(names) / first:.0f} / {len(names) / again:.0f} / {len(names) / other:.0f} a second"
    )
    line(f"{len(names)} {title}: first / known parts / RapidFuzz scan", rates)
    line(
        "  against the scan: first / known parts",
        f"{other / first:.1f} / {other / again:.1f} times",
        "8",
    )


def rescreening(old: Entries, new: Entries, count: int, sample: int) -> None:
    """A register screened again after the list changed, beside a whole screening: the ratio, and
    whether the results are the same.

    The whole screening is of a sample, and its time is that of the second half of the sample, when
    common parts are known, for each subject of the register.
    """
    subjects = [
        Subject(str(number), (name,), Kind.PERSON)
        for number, name in enumerate(names_data.chains(count))
    ]
    some, half = subjects[:sample], sample // 2
    watch = Watch.begin(some, {"un": old})
    watch.subjects = subjects
    touched = []
    again = timed(lambda: touched.append(watch.advance({"un": new})))
    anew = Watch(some, {"un": new})
    screener = Screener(("un", new[key]) for key in sorted(new))
    anew.results = list(screener.screen_all(some[:half]))
    later: list[Result] = []
    rest = timed(lambda: later.extend(screener.screen_all(some[half:])))
    whole = rest / (sample - half) * count
    known = {each.subject_id for each in some}
    ours = [each for each in watch.results if each.subject_id in known]
    same = "the same result" if [*anew.results, *later] == ours else "ANOTHER RESULT"
    screened = touched[0].screened
    told = f"{whole:.0f} s / {again:.1f} s = {whole / again:.0f} times, {same}"
    line(f"{count} subjects: whole ({sample}) / after {screened} changed entries", told, "20")


def made_list(size: int) -> Entries:
    """A list of invented chains, each with a spelling more."""
    found: dict[str, Entry] = {}
    for number, name in enumerate(names_data.chains(size, seed=7)):
        reference = f"XAi.{number:04d}"
        spelt = ListedName(normalise(anyascii(name)), Quality.GOOD)
        names = (ListedName(name, Quality.PRIMARY), spelt)
        found[reference] = Entry(reference, "person", names, reference)
    return found


def share(found: int, among: Iterable[object]) -> str:
    number = len(list(among))
    return f"{found / max(number, 1):.3f} ({found} of {number})"


if __name__ == "__main__":
    main()
