"""Cases read, checked and written, against the standard library alone and against jsonschema.

    python benchmarks/htcds.py [--cases 5000]

Everything is made up here from a fixed seed; no data of people are used. The references read and
write the same bytes in the same run: the modules json and csv of Python, which check nothing, and
jsonschema (with json), which checks the same document against the schema of the profile, in memory
and without rules between fields. ``read_json`` and ``read_csv`` read a file of more than 1,000
cases twice: once to see that nothing is wrong, once to give the cases.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import time
from collections.abc import Callable
from datetime import date

from jsonschema import Draft202012Validator

from marfa.domain.codelists import codelist
from marfa.domain.dates import PartialDate
from marfa.methods.htcds import (
    Case,
    Event,
    Marfa,
    OutgoingReferral,
    Person,
    Service,
    SupportPlan,
    Victim,
    coded,
    exploitation,
    json_schema,
    problems,
    read_csv,
    read_json,
    scan_json,
    write_csv,
    write_json,
)

TODAY = date(2026, 11, 26)
COUNTRIES = ("SY", "IQ", "LB", "TR", "JO", "LY", "SD", "UA")


def made(number: int, chance: random.Random) -> Case:
    """A case as a protection desk has it: some 25 fields, two events, one plan, two services."""

    def some(name: str, most: int = 2) -> tuple[str, ...]:
        return tuple(chance.sample(codelist(name).codes, chance.randint(1, most)))

    def day(first: int) -> PartialDate:
        year = chance.randint(first, 2025)
        return PartialDate.gregorian(year, chance.randint(1, 12), chance.randint(1, 28))

    forms = some("exploitation_forms")
    return Case(
        status=chance.choice(codelist("cas_status").codes),
        consent=True,
        person=Person(
            first_name=f"Name {number}",
            birthdate=PartialDate.gregorian(chance.randint(1970, 2000)),
            gender=chance.choice(codelist("prs_gender").codes),
            citizenship=(chance.choice(COUNTRIES),),
            primary_language="ara",
            highest_level_of_education="PrimaryEducation",
        ),
        victim=Victim(
            trafficking_status="PossibleVictimOfTrafficking",
            trafficking_status_decision_making_org="NGO",
            age_when_trafficked=chance.randint(12, 25),
            method_of_recruitment=some("vic_method_of_recruitment"),
            methods_of_control=some("vic_methods_of_control", 4),
            type_of_exploitation=exploitation(forms).of("vic_TypeOfExploitation"),
        ),
        events=(
            Event(type="Recruitment", country=chance.choice(COUNTRIES), date=day(2018)),
            Event(type="Exploitation", country=chance.choice(COUNTRIES), date=day(2018)),
        ),
        outgoing_referrals=(OutgoingReferral(reason="AdditionalServicesRequired", date=day(2024)),),
        support_plans=(SupportPlan(type="Health", objectives="Three visits, then a review"),),
        marfa=Marfa(
            reference=f"case{number:016}",
            conflict_link=("fleeing_conflict",),
            exploitation_forms=forms,
            identification="presumed",
            services=(
                Service(support="shelter", state="no_place_available", since=day(2024)),
                Service(support="legal_advice", state="under_way"),
            ),
        ),
    )


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def line(name: str, used: float, cases: int, reference: float | None = None) -> None:
    ratio = f", {used / reference:.1f} times the reference" if reference else ""
    print(f"  {name:<58} {used:7.2f} s, {cases / used:10,.0f} cases/s{ratio}")


def drain(cases: object) -> int:
    return sum(1 for _ in cases)  # type: ignore[attr-defined]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cases", type=int, default=5000)
    number = asked.parse_args().cases
    chance = random.Random(2388)
    cases = [made(n, chance) for n in range(number)]
    document, table = io.BytesIO(), io.BytesIO()

    used_json = seconds(lambda: write_json(cases, document, today=TODAY, identity=True))
    used_csv = seconds(lambda: write_csv(cases, table, today=TODAY, identity=True))
    sizes = document.tell() / 1e6, table.tell() / 1e6
    print(f"{number:,} cases: {sizes[0]:.1f} MB of JSON, {sizes[1]:.1f} MB of CSV")

    loaded = json.loads(document.getvalue())
    load = seconds(lambda: json.loads(document.getvalue()))
    dump = seconds(lambda: json.dumps(loaded, ensure_ascii=False))
    print("JSON, reference: json.loads and json.dumps of the whole document, nothing checked")
    line("json.loads", load, number)
    document.seek(0)
    line(
        "scan_json: read and checked, once",
        seconds(lambda: drain(scan_json(document, today=TODAY, identity=True))),
        number,
        load,
    )
    document.seek(0)
    whole = seconds(lambda: drain(read_json(document, today=TODAY, identity=True)))
    line("read_json: all or nothing, twice", whole, number, load)
    line("json.dumps", dump, number)
    line("write_json: checked and written", used_json, number, dump)

    validator = Draft202012Validator(json_schema(identity=True))
    valid = []
    few = {**loaded, "cases": loaded["cases"][: max(1, number // 10)]}
    judged = seconds(lambda: valid.append(validator.is_valid(few))) * number / len(few["cases"])
    assert valid == [True]
    print("Checking, reference: jsonschema, measured on a tenth of the cases")
    line("json.loads and jsonschema", load + judged, number)
    line("read_json, with rules between fields", whole, number, load + judged)
    line("problems(case), of a case that is there", _checked(cases), number, judged)

    text = table.getvalue().decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    reference = seconds(lambda: list(csv.reader(io.StringIO(text, newline=""))))
    written = seconds(lambda: csv.writer(io.StringIO(newline="")).writerows(rows))
    print("CSV, reference: csv.reader and csv.writer of the same rows, nothing checked")
    line("csv.reader", reference, number)
    table.seek(0)
    used = seconds(lambda: drain(read_csv(table, today=TODAY, identity=True)))
    line("read_csv: all or nothing, twice", used, number, reference)
    line("csv.writer", written, number)
    line("write_csv: checked and written", used_csv, number, written)

    table.seek(0)
    document.seek(0)
    from_json = list(read_json(document, today=TODAY, identity=True))
    assert from_json == list(read_csv(table, today=TODAY, identity=True)) == cases
    assert all(not problems(coded(case), today=TODAY) for case in cases[:100])
    print("Every case came back the same, by JSON and by CSV.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Most memory, with all cases of the benchmark held: {peak:.0f} MB")


def _checked(cases: list[Case]) -> float:
    return seconds(lambda: [problems(case, today=TODAY, identity=True) for case in cases])


if __name__ == "__main__":
    main()
