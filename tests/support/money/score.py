"""What was found of what was planted.

A case that is told counts as true when half of its labelled payments, and a third of all, belong
to one planted case of its typology. A planted case is found when a third of its payments, or all
its controllers and facilitators, are told.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marfa.methods.flows import Case, find_typologies, open_ledger, read_accounts
from tests.support.money.crimes import CRIMES
from tests.support.money.lawful import LIVES
from tests.support.money.places import Book, Place, draw_habits


@dataclass
class Score:
    """Counts by typology; false: by typology and what it was instead. reported: by true role."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    false: Counter[tuple[str, str]] = field(default_factory=Counter)
    roles: Counter[tuple[str, str]] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)

    def recall(self, typology: str) -> float:
        return self.found[typology] / self.planted[typology]

    def false_of(self, typology: str) -> int:
        return sum(n for (name, _), n in self.false.items() if name == typology)

    @property
    def roles_right(self) -> float:
        """Of controllers and victims in what is told, how many are called what they are."""
        of = {pair: n for pair, n in self.roles.items() if pair[0] in {"controller", "victim"}}
        right = sum(n for (real, told), n in of.items() if real == told)
        return right / max(sum(of.values()), 1)

    def lines(self) -> Sequence[str]:
        lines = [
            f"{name:<13} found {self.recall(name):.2f} of {self.planted[name]}, true "
            f"{self.true[name]}, false {self.false_of(name)}"
            for name in self.planted
        ]
        false = ", ".join(f"{n} {a} was {b}" for (a, b), n in self.false.most_common())
        return [*lines, f"false: {false or 'none'}",
                f"roles right {self.roles_right:.2f}; reported {dict(self.reported)}"]  # fmt: skip


def make_place(
    seed: int, *, crimes: int = 3, lives: int = 2, people: int = 260, weaker: float = 0.0
) -> Place:
    """A place with so many cases of each crime and each lawful life."""
    rng = random.Random(f"place {seed}")
    place = Place(rng, draw_habits(rng, people=people, weaker=weaker))
    for number in range(crimes):
        for name, commit in CRIMES.items():
            commit(place, f"{name}:{number}")
    for number in range(lives):
        for name, live in LIVES.items():
            live(place, f"lawful-{name}:{number}")
    return place


def score_place(place: Place, folder: Path, score: Score) -> Score:
    """Look for cases in a place, and add what came of it."""
    book, dollar = place.book, place.habits.money
    ledger_file, accounts_file = folder / "place.csv", folder / "people.csv"
    labels = book.write(ledger_file, iso=True)
    book.write_accounts(accounts_file)
    whole = Counter(label for label in labels.values() if label)
    told: dict[str, set[str]] = defaultdict(set)
    accounts: dict[str, set[int]] = defaultdict(set)
    with open_ledger(ledger_file) as ledger:
        for case in find_typologies(ledger, read_accounts(accounts_file), dollar=dollar):
            ids = {ledger.ids[row] for row in case.draft.rows}
            _count_case(case, [labels[each] for each in ids], score)
            told[case.draft.typology] |= ids
            for entry in case.entries:
                account = int(ledger.names[entry.account][1:])
                accounts[case.draft.typology].add(account)
                role = book.roles.get(account, "nobody")
                score.roles[role, entry.role] += 1
                score.reported[role] += entry.handling == "report"
    masters = _masters(book)
    for label, number in whole.items():
        typology = label.partition(":")[0]
        if typology in CRIMES:
            score.planted[typology] += 1
            mine = sum(labels[each] == label for each in told[typology])
            known = masters[label] and masters[label] <= accounts[typology]
            score.found[typology] += mine * 3 >= number or bool(known)
    return score


def _count_case(case: Case, labels: Sequence[str], score: Score) -> None:
    typology, names = case.draft.typology, Counter(filter(None, labels))
    own = {name: n for name, n in names.items() if name.startswith(f"{typology}:")}
    best = max(own.values(), default=0)
    if best and best * 2 >= names.total() and best * 3 >= len(labels):
        score.true[typology] += 1
        return
    most = names.most_common(1)
    score.false[typology, most[0][0].partition(":")[0] if most else "nothing"] += 1


def _masters(book: Book) -> dict[str, set[int]]:
    """Controllers and facilitators of each planted case."""
    found: dict[str, set[int]] = defaultdict(set)
    for payment in book.payments:
        for account in (payment.src, payment.dst):
            if payment.case and book.roles.get(account) in {"controller", "facilitator"}:
                found[payment.case].add(account)
    return found
