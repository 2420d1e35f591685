"""Labelled names for benchmarks/names.py, from the reference data folder and from facts below."""

from __future__ import annotations

import csv
import hashlib
import random
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rapidfuzz.fuzz import ratio

from marfa.methods.names.tables import read_rows
from marfa.methods.names.text import Script, script_of_word

SEED = 20171121


@dataclass(frozen=True)
class Pair:
    """Two names, whether they are one bearer's, and what the pair is part of."""

    left: str
    right: str
    same: bool
    kind: str = "Person"
    category: str = ""
    group: str = ""

    @property
    def calibrates(self) -> bool:
        """Whether it is in the half that limits are chosen on; one bearer is never in both."""
        digest = hashlib.blake2b((self.group or self.left + self.right).encode()).digest()
        return digest[0] % 2 == 0


@dataclass(frozen=True)
class Listed:
    """An entry of the United Nations list."""

    reference: str
    individual: bool
    name: str
    original: str


def own_pairs() -> list[Pair]:
    """The pairs of names_pairs.txt; category is the family, and of false ones the relation too."""
    found: list[Pair] = []
    text = Path(__file__).with_name("names_pairs.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        family, relation, rest = (part.strip() for part in line.split(";", 2))
        names = [name.strip() for name in rest.split("|")]
        if relation == "same":
            found += [Pair(a, b, True, category=family) for a, b in combinations(names, 2)]
        else:
            found += [Pair(names[0], b, False, category=relation) for b in names[1:]]
    return found


def un_names(
    folder: Path, name: str = "un_consolidated_2026-02-27.xml"
) -> list[tuple[str, str, str]]:
    """Every name and alias of the list: reference, kind, name."""
    root = ET.parse(folder / name).getroot()  # noqa: S314 - a file of our own reference folder
    found: list[tuple[str, str, str]] = []
    for tag, kind in (("INDIVIDUAL", "person"), ("ENTITY", "body")):
        for entry in root.iter(tag):
            parts = (entry.findtext(f"{part}_NAME") or "" for part in _POSITIONS)
            names = [" ".join(part.strip() for part in parts if part.strip())]
            names.append((entry.findtext("NAME_ORIGINAL_SCRIPT") or "").strip())
            names += [(a.findtext("ALIAS_NAME") or "").strip() for a in entry.iter(f"{tag}_ALIAS")]
            reference = (entry.findtext("REFERENCE_NUMBER") or "").strip()
            found += [(reference, kind, each) for each in names if each]
    return found


def un_pairs(folder: Path) -> list[Pair]:
    with (folder / "pairs" / "un_name_pairs_dev.csv").open(encoding="utf-8") as stream:
        return [
            Pair(
                row["query"],
                row["name"],
                row["is_match"] == "true",
                "Person" if row["kind"] == "individual" else "Organization",
                row["category"],
                row["ref"],
            )
            for row in csv.DictReader(stream)
        ]


def name_bench(folder: Path) -> list[Pair]:
    with (folder / "pairs" / "name_bench_dev.csv").open(encoding="utf-8") as stream:
        return [
            Pair(row["name1"], row["name2"], row["is_match"] == "true", row["schema"])
            for row in csv.DictReader(stream)
        ]


CROSS = {"orig_script_arabic", "orig_script_cyrillic", "hard_negative_orig_script"}


def is_cross_person(pair: Pair) -> bool:
    """The persons whose name in the original script stands against one in Latin letters."""
    cross = pair.category in CROSS or pair.category.endswith("_arabic")
    return pair.kind == "Person" and cross


def un_list(folder: Path, name: str = "un_consolidated_2026-02-27.xml") -> list[Listed]:
    tree = ET.parse(folder / name)  # noqa: S314 - a file of our own reference folder
    found: list[Listed] = []
    for tag in ("INDIVIDUAL", "ENTITY"):
        for entry in tree.getroot().iter(tag):
            parts = (entry.findtext(f"{part}_NAME") or "" for part in _POSITIONS)
            found.append(
                Listed(
                    (entry.findtext("REFERENCE_NUMBER") or "").strip(),
                    tag == "INDIVIDUAL",
                    " ".join(part.strip() for part in parts if part.strip()),
                    (entry.findtext("NAME_ORIGINAL_SCRIPT") or "").strip(),
                )
            )
    return found


_POSITIONS = ("FIRST", "SECOND", "THIRD", "FOURTH")


def synthetic_rows(folder: Path) -> list[dict[str, str]]:
    path = folder / "pairs" / "synthetic_persons_global_10k.csv"
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def in_arabic(rows: Iterable[dict[str, str]]) -> list[str]:
    names = (row["full_name"] for row in rows)
    return [name for name in names if script_of_word(name.split()[0]) is Script.ARABIC]


def register(rows: list[dict[str, str]], size: int) -> list[str]:
    """A register of invented people: the rows, then their names mixed anew within a script."""
    chance = random.Random(SEED)
    names = [row["full_name"] for row in rows[:size]]
    by_script: dict[Script, list[dict[str, str]]] = {}
    for row in rows:
        by_script.setdefault(script_of_word(row["first_name"] or "?"), []).append(row)
    while len(names) < size:
        row = chance.choice(rows)
        others = by_script[script_of_word(row["first_name"] or "?")]
        parts = (chance.choice(others)["first_name"], chance.choice(others)["middle_name"])
        names.append(" ".join(part for part in (*parts, row["last_name"]) if part))
    return names


def chains(count: int, seed: int = SEED) -> list[str]:
    """A register of people whose names are chains: own, father's, often grandfather's name, and a
    family name; half of them in Arabic script and half in Latin letters, spelt as it comes.

    Given names are as common as the tables that ship say, family names by rank (Zipf).
    """
    chance = random.Random(seed)
    shares = {
        name: float(share)
        for script, share, *names in read_rows("frequencies.tsv")
        for name in names
        if script == "Arab"
    }
    given: dict[Script, list[list[str]]] = {Script.ARABIC: [], Script.LATIN: []}
    weights: list[float] = []
    for key, *others in read_rows("families.tsv"):
        spelt = {of: [w for w in (key, *others) if script_of_word(w) is of] for of in given}
        if all(spelt.values()) and key.isalpha():
            weights.append(shares.get(key, 1.5))
            for of, words in spelt.items():
                given[of].append(words)
    families = _families(chance)
    ranks = [1.0 / (rank + 20) for rank in range(len(families))]
    places, found = range(len(weights)), []
    for _ in range(count):
        script = chance.choice((Script.ARABIC, Script.LATIN))
        own = chance.choices(places, weights, k=chance.choice((1, 2, 2, 3)))
        family = chance.choices(families, ranks)[0][script is Script.LATIN]
        found.append(" ".join([*(chance.choice(given[script][one]) for one in own), family]))
    return found


def _families(chance: random.Random, count: int = 6000) -> list[tuple[str, str]]:
    """Invented family names in both scripts."""
    arabic = "با دي حم خو را زي سل شم صا طو عب غن فر قا كر لي من نو هر ود يا جب تم ثق در"
    latin = (
        "ba di ham khu ra zi sal sham sa tu ab ghan far qa kar li man nu har wad ya jab tam thaq"
    )
    latin += " dar"
    syllables = dict(zip(_words_of(arabic), _words_of(latin), strict=True))
    found: dict[str, str] = {}
    while len(found) < count:
        parts = chance.choices(list(syllables), k=chance.randint(2, 4))
        ending = chance.choice((("ي", "i"), ("", ""), ("اوي", "awi"), ("", "")))
        article = chance.choice((("ال", "al-"), ("", "")))
        latin = "".join(syllables[part] for part in parts)
        found[article[0] + "".join(parts) + ending[0]] = article[1] + latin + ending[1]
    return list(found.items())


def spelled(folder: Path, language: str, count: int = 400) -> list[Pair]:
    """Names of two words built from single words that are spelt in two scripts (Wikidata).

    True where both words are the same; false where one of them is exchanged for that of 300 others
    that is nearest in Latin letters. They are true and false by construction, not by judgement.
    """
    words = list(_words(folder / "pairs" / f"xlit_{language}_dev.tsv"))
    chance = random.Random(SEED)
    found: list[Pair] = []
    for number in range(count):
        first, last, *others = chance.sample(words, 302)
        latin = f"{first[0]} {last[0]}"
        replaced = last if number % 2 else first
        other = max(others, key=lambda word: ratio(word[0], replaced[0]))
        found.append(Pair(latin, f"{first[1]} {last[1]}", True, group=f"{language}{number}"))
        exchanged = f"{first[1]} {other[1]}" if number % 2 else f"{other[1]} {last[1]}"
        found.append(Pair(latin, exchanged, False, group=f"{language}{number}"))
    return found


def _words(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if int(row["count"]) >= 20 and len(row["latin"]) > 3 and " " not in row["native"]:
                yield row["latin"], row["native"]


def chinese() -> list[Pair]:
    """Public figures and authors in Han characters against pinyin; each also against the next."""
    text = Path(__file__).with_name("names_chinese.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    found: list[Pair] = []
    for number, (han, latin) in enumerate(rows):
        other = rows[(number + 1) % len(rows)][1]
        found.append(Pair(han, latin, True, group=han))
        found.append(Pair(han, " ".join(reversed(latin.split())), True, group=han))
        found.append(Pair(han, other, False, group=han))
        # A near name: the same family name with another's given name.
        found.append(Pair(han, f"{latin.split()[0]} {other.split()[-1]}", False, group=han))
    return found


@dataclass(frozen=True)
class Relatives:
    """Invented close relatives, with the years of birth that a record would hold."""

    left: str
    right: str
    born: tuple[str, str]
    relation: str


def _words_of(text: str) -> list[str]:
    return text.split()


def relatives() -> list[Relatives]:
    """Chains of names as families bear them: parent and child, brothers, cousins."""
    firsts = _words_of("Salim Faris Yusuf Nabil Karim Idris Walid Tariq Omar Hamza")
    fathers = _words_of("Mahmud Rashid Jamal Khalil Ibrahim Samir Anwar Adnan Fuad Bashir")
    grandfathers = _words_of("Abdullah Hasan Ali Mustafa Dawud Jabir Nasir Hadi Sabri Taha")
    families = (
        "al-Jabri al-Masri Haddad al-Khatib Mansuri al-Najjar Zaydan al-Rifai Qabbani Darwish"
    )
    found: list[Relatives] = []
    for number, family in enumerate(families.split()):
        one, father, elder = firsts[number], fathers[number], grandfathers[number]
        brother = firsts[(number + 3) % 10]
        own = f"{one} {father} {elder} {family}"
        found += [
            Relatives(own, f"{father} {elder} {family}", ("1984", "1956"), "parent and child"),
            Relatives(own, f"{brother} {father} {elder} {family}", ("1984", "1988"), "brothers"),
            Relatives(
                own,
                f"{one} {fathers[(number + 1) % 10]} {elder} {family}",
                ("1984", "1990"),
                "cousins of one first name",
            ),
        ]
    return found
