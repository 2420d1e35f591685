"""Records for benchmarks/linkage.py: of the reference data folder, and of made families.

The made ones live in households with brothers and sisters, twins, fathers and children, cousins and
children named after a grandfather; two desks register them, each in its own script and spelling.
Nobody bears these names.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import names_data
from marfa.methods.linkage import Record
from marfa.methods.names.tables import read_rows
from marfa.methods.names.text import Script, script_of_word

SEED = 2388

Truth = set[tuple[str, str]]


@dataclass(frozen=True)
class Person:
    """Somebody made: names by number, as their spellings are listed."""

    number: int
    own: int
    father: int
    family: int
    female: bool
    born: date
    household: int


@dataclass(frozen=True)
class Lists:
    """Lists and the pairs of ids that are one person's, each in order."""

    lists: Sequence[Sequence[Record]]
    truth: Truth
    relations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    def between(self) -> Truth:
        """Pairs of two lists."""
        owner = {record.id: n for n, records in enumerate(self.lists) for record in records}
        return {pair for pair in self.truth if owner[pair[0]] != owner[pair[1]]}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, skipinitialspace=True)


def lists_dev(folder: Path) -> Lists:
    """Four organisations' lists in English, Arabic, French and mixed spelling."""
    place = folder / "estimation" / "linkage" / "lists_dev"
    lists = [
        [
            Record.of(
                row["record_id"],
                given=row["given_name"],
                father=row["father_name"],
                family=row["family_name"],
                sex=row["sex"],
                birth=row["dob"],
            )
            for row in _rows(place / f"org_{letter}.csv")
        ]
        for letter in "ABCD"
    ]
    people: dict[str, list[str]] = {}
    for row in _rows(place / "truth_records.csv"):
        people.setdefault(row["person_id"], []).append(row["record_id"])
    truth = {pair for ids in people.values() for pair in combinations(sorted(ids), 2)}
    return Lists(lists, truth)


ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")


def febrl4(folder: Path) -> Lists:
    """FEBRL's data set 4: 5,000 people twice."""
    place = folder / "estimation" / "linkage" / "febrl4"
    lists = [
        [
            Record.of(
                row["rec_id"],
                given=row["given_name"],
                family=row["surname"],
                birth=row["date_of_birth"],
                document=row["soc_sec_id"],
                address=[row[name] for name in ADDRESS],
            )
            for row in _rows(place / f"dataset4{letter}.csv")
        ]
        for letter in "ab"
    ]
    pairs = ((record.id, record.id.replace("org", "dup-0")) for record in lists[0])
    return Lists(lists, {(min(pair), max(pair)) for pair in pairs})


class World:
    """Families, and desks that write them down."""

    def __init__(self, size: int, seed: int = SEED, families: int = 6000) -> None:
        self._rng = random.Random(seed)
        self._given, self._shares = _given_names()
        self._families = names_data._families(self._rng, families)
        self._ranks = [1.0 / (rank + 20) for rank in range(len(self._families))]
        self.people: list[Person] = []
        self.relations: dict[tuple[int, int], str] = {}
        household = 0
        while len(self.people) < size:
            household += 1
            self._add_family(household)
        self.people = self.people[:size]

    def _name(self, but: AbstractSet[int] = frozenset()) -> int:
        while True:
            found = self._rng.choices(range(len(self._given)), self._shares)[0]
            if found not in but:
                return found

    def _add(self, own: int, father: int, family: int, born: date, household: int) -> Person:
        female = self._rng.random() < 0.5
        person = Person(len(self.people), own, father, family, female, born, household)
        self.people.append(person)
        return person

    def _relate(self, one: Person, other: Person, what: str) -> None:
        self.relations[one.number, other.number] = what

    def _add_family(self, household: int) -> None:
        """Two brothers with their children."""
        rng = self._rng
        family = rng.choices(range(len(self._families)), self._ranks)[0]
        elder = self._name()
        fathers: list[Person] = []
        cousins: list[Person] = []
        for _brother in range(rng.choice((1, 1, 2))):
            used = {father.own for father in fathers}
            born = date(1950, 1, 1) + timedelta(days=rng.randrange(12_000))
            father = self._add(self._name(used), elder, family, born, household)
            for brother in fathers:
                self._relate(brother, father, "brothers and sisters")
            fathers.append(father)
            children = self._children(father, household, elder)
            for child in children:
                for cousin in cousins:
                    self._relate(cousin, child, "cousins")
            cousins += children

    def _children(self, father: Person, household: int, elder: int) -> list[Person]:
        rng = self._rng
        children: list[Person] = []
        born = father.born + timedelta(days=rng.randrange(7_300, 12_000))
        for place in range(rng.choice((0, 1, 2, 3, 4, 5))):
            twin = bool(children) and rng.random() < 0.03
            born = children[-1].born if twin else born + timedelta(days=rng.randrange(300, 1_500))
            used = {child.own for child in children}
            named_after = place == 0 and elder not in used and rng.random() < 0.2
            own = elder if named_after else self._name(used)
            child = self._add(own, father.own, father.family, born, household)
            self._relate(father, child, "father and child")
            for other in children:
                same_day = other.born == child.born
                self._relate(other, child, "twins" if same_day else "brothers and sisters")
            children.append(child)
        return children

    def write(self, person: Person, key: str, script: Script, documents: bool = False) -> Record:
        """How a desk writes somebody down."""
        rng = self._rng
        own = self._spelt(person.own, script)
        father = self._spelt(person.father, script) if rng.random() > 0.2 else ""
        family = self._families[person.family][script is Script.LATIN]
        family = _typed(family, rng) if rng.random() < 0.05 else family
        family = family if rng.random() > 0.03 else ""
        if rng.random() < 0.03 and family:
            own, family = family, own
        return Record.of(
            key,
            given=own,
            father=father,
            family=family,
            sex=rng.choices(("F" if person.female else "M", "", "M"), (95, 4, 1))[0],
            birth=_written_date(person.born, rng),
            document=f"{person.number * 7919 % 10**7:07d}"
            if documents and rng.random() < 0.3
            else "",
        )

    def _spelt(self, name: int, script: Script) -> str:
        word = self._rng.choice(self._given[name][script])
        return _typed(word, self._rng) if self._rng.random() < 0.03 else word


def _given_names() -> tuple[list[dict[Script, list[str]]], list[float]]:
    common = {
        name: float(share)
        for script, share, *names in read_rows("frequencies.tsv")
        for name in names
        if script == "Arab"
    }
    names: list[dict[Script, list[str]]] = []
    shares: list[float] = []
    for key, *others in read_rows("families.tsv"):
        spelt = {
            of: [word for word in (key, *others) if script_of_word(word) is of]
            for of in (Script.ARABIC, Script.LATIN)
        }
        if all(spelt.values()) and key.isalpha():
            names.append(spelt)
            shares.append(common.get(key, 1.5))
    return names, shares


def _typed(word: str, rng: random.Random) -> str:
    """A slip of a finger: a letter lost, doubled, or exchanged with the next."""
    if len(word) < 4:
        return word
    place = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )


def _written_date(born: date, rng: random.Random) -> str:
    kind = rng.choices(
        ("whole", "none", "year", "exchanged", "digit", "near"), (70, 10, 13, 2, 3, 2)
    )[0]
    if kind == "none":
        return ""
    if kind == "year":
        return f"{born.year}-01-01"
    if kind == "exchanged" and born.day <= 12:
        return f"{born.year}-{born.day:02d}-{born.month:02d}"
    if kind == "digit":
        return f"{born.year}-{born.month:02d}-{(born.day + 1) % 28 + 1:02d}"
    if kind == "near":
        born += timedelta(days=rng.choice((-365, 365)))
    return born.isoformat()


def two_desks(
    size: int,
    seed: int = SEED,
    share: float = 0.5,
    *,
    surnames: int = 6000,
    documents: bool = False,
    namesakes: int = 0,
) -> Lists:
    """Two lists of so many records each; ``share`` of a list is on the other too.

    namesakes: so many of who is on the first alone have a namesake, years older or younger, who is
    on the second alone.
    """
    world = World(round(size * (2 - share)), seed, surnames)
    rng = random.Random(seed + 1)
    both = round(size * share)
    order = list(range(len(world.people)))
    rng.shuffle(order)
    left, right = order[:size], order[size - both : 2 * size - both]
    for number in sorted(set(left) - set(right))[:namesakes]:
        person = world.people[number]
        born = person.born + timedelta(days=rng.choice((-1, 1)) * rng.randrange(1_200, 9_000))
        right.append(len(world.people))
        world.people.append(replace(person, number=right[-1], born=born))
    lists: list[list[Record]] = []
    sides = (("A", left), ("B", right))
    for letter, numbers in sides:
        listed = []
        for number in numbers:
            likely = (3, 1) if letter == "A" else (1, 3)
            script = rng.choices((Script.LATIN, Script.ARABIC), likely)[0]
            listed.append(world.write(world.people[number], f"{letter}{number}", script, documents))
        rng.shuffle(listed)
        lists.append(listed)
    truth = {(f"A{n}", f"B{n}") for n in set(left) & set(right)}
    relations = {}
    for (one, other), what in world.relations.items():
        for a, b in ((one, other), (other, one)):
            relations[f"A{a}", f"B{b}"] = what
    people = {f"{letter}{n}": world.people[n] for letter, some in sides for n in some}
    return Lists(lists, truth, relations, people)
