"""Cases and patterns in places that share nothing with the detectors: what is found, what is said
of lawful lives that look the same, and that no victim is ever reported."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from marfa.methods.flows import Case, find_typologies, open_ledger, read_accounts
from tests.support.money.places import Book
from tests.support.money.score import Score, make_place, score_place
from tests.support.money.shapes import SHAPES, Streets, score_shapes

SURE = {"cycle", "scatter_gather", "structuring", "pass_through"}


def check(score: Score) -> None:
    for typology, planted in score.planted.items():
        assert planted > 0
        assert score.recall(typology) >= 0.8, typology
        assert score.false_of(typology) <= score.true[typology], typology
    assert score.roles_right >= 0.85
    assert score.reported["controller"] > 0
    assert not {role for role, n in score.reported.items() if n} - {"controller", "facilitator"}


def test_cases_of_a_place(tmp_path: Path) -> None:
    score = Score()
    for seed in (31, 32):
        score_place(make_place(seed, crimes=2, lives=1, people=130), tmp_path, score)
    check(score)


@pytest.mark.slow
def test_cases_of_many_places(tmp_path: Path) -> None:
    """Other seeds than those with which the typologies were looked at."""
    score = Score()
    for seed in range(5_000, 5_010):
        score_place(make_place(seed, crimes=4, lives=3, people=420), tmp_path, score)
    check(score)


@pytest.mark.slow
def test_nobody_else_is_reported_where_crimes_are_faint(tmp_path: Path) -> None:
    """A fifth less is taken and sent on than indicators say: fewer are found."""
    score = Score()
    for seed in range(6_000, 6_006):
        score_place(make_place(seed, weaker=0.2), tmp_path, score)
    assert not {role for role, n in score.reported.items() if n} - {"controller", "facilitator"}
    assert sum(score.false.values()) <= sum(score.true.values())


def test_no_case_where_all_live_lawfully(tmp_path: Path) -> None:
    """Lives alone: of what is told nobody is reported, and few are told at all."""
    score = score_place(make_place(41, crimes=0, lives=2, people=130), tmp_path, Score())
    told = sum(score.false.values())
    assert told <= 3, score.false
    assert not score.reported.total()


def test_order_names_and_texts_change_no_case(tmp_path: Path) -> None:
    place = make_place(33, crimes=1, lives=1, people=60)
    before = told(place.book, tmp_path, place.habits.money)
    assert before
    renamed, back = rename(place.book)
    after = told(renamed, tmp_path, place.habits.money, shuffle=True)
    assert [(name, ids, {back[a]: how for a, how in who.items()}) for name, ids, who in after] == (
        before
    )


Told = list[tuple[str, frozenset[str], dict[str, tuple[str, str]]]]


def told(book: Book, folder: Path, dollar: float, *, shuffle: bool = False) -> Told:
    ledger_file, accounts_file = folder / "l.csv", folder / "a.csv"
    book.write(ledger_file)
    book.write_accounts(accounts_file)
    if shuffle:
        head, *lines = ledger_file.read_text(encoding="utf-8").splitlines()
        random.Random(1).shuffle(lines)
        lines = [line + "ransom for a trafficked girl" for line in lines]
        ledger_file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    with open_ledger(ledger_file) as ledger:
        cases: tuple[Case, ...] = find_typologies(
            ledger, read_accounts(accounts_file), dollar=dollar
        )
        return [
            (
                case.name,
                frozenset(ledger.ids[row] for row in case.draft.rows),
                {ledger.names[e.account]: (e.role, e.handling) for e in case.entries},
            )
            for case in cases
        ]


def rename(book: Book) -> tuple[Book, dict[str, str]]:
    """Other numbers for all accounts; what each was called before."""
    numbers = list(book.kinds)
    others = random.Random(2).sample(range(10_000, 90_000), len(numbers))
    new = dict(zip(numbers, others, strict=True))
    made = Book(kinds={new[a]: kind for a, kind in book.kinds.items()})
    made.opened = {new[a]: day for a, day in book.opened.items()}
    made.payments = [p._replace(src=new[p.src], dst=new[p.dst]) for p in book.payments]
    return made, {f"n{b}": f"n{a}" for a, b in new.items()}


def check_shapes(seed: int, streets: Streets, folder: Path) -> None:
    shares = score_shapes(seed, streets, folder)
    assert set(shares.found) == set(SHAPES)
    for name, found in shares.found.items():
        assert found >= (0.95 if name in SURE else 0.85), (name, shares.line())
    assert shares.planted >= 0.5, shares.line()


def test_patterns_of_a_street(tmp_path: Path) -> None:
    check_shapes(21, Streets(payments=9_000, accounts=1_200, each=14), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "streets"),
    [
        (51, Streets()),
        (52, Streets(sizes=(4, 9), sum=(15, 700), spread=0.1, span_days=2.4, limit=3_000)),
        (53, Streets(accounts=9_000, days=55, sizes=(5, 25), spread=0.2, span_days=1.5)),
        (54, Streets(payments=90_000, accounts=4_000, days=120, sum=(300, 90_000), limit=50_000)),
    ],
)
def test_patterns_of_many_streets(tmp_path: Path, seed: int, streets: Streets) -> None:
    check_shapes(seed, streets, tmp_path)
