"""Items that work unlike in two groups: published tables, and worlds with and without any."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from marfa.methods.screening.quality import item_functions, mantel_haenszel

# Admissions to Berkeley by sex and department (P. J. Bickel, E. A. Hammel and J. W. O'Connell,
# Science 187 (1975) 398): rows men, women; columns admitted, rejected.
BERKELEY = [
    [[512, 313], [89, 19]],
    [[353, 207], [17, 8]],
    [[120, 205], [202, 391]],
    [[138, 279], [131, 244]],
    [[53, 138], [94, 299]],
    [[22, 351], [24, 317]],
]
# Penicillin and rabbits (A. Agresti, Categorical Data Analysis (1990), pages 231 to 237).
RABBITS = [[[0, 6], [0, 5]], [[3, 3], [0, 6]], [[6, 0], [2, 4]], [[5, 1], [6, 0]], [[2, 0], [5, 0]]]


def test_published_tables() -> None:
    """As R's mantelhaen.test prints them."""
    found = mantel_haenszel(BERKELEY)
    assert found is not None
    assert round(found.odds_ratio, 7) == 0.9046968
    assert round(found.chi_square, 4) == 1.4269
    assert round(found.p, 4) == 0.2323
    low, high = np.exp(np.log(found.odds_ratio) + np.array([-1, 1]) * 1.959964 * found.log_error)
    assert (round(low, 5), round(high, 5)) == (0.77191, 1.06033)
    rabbits = mantel_haenszel(RABBITS)
    assert rabbits is not None
    assert round(rabbits.p, 3) == 0.047


def test_where_nobody_differs_there_is_no_ratio() -> None:
    assert mantel_haenszel([[[0, 5], [0, 5]]]) is None
    assert mantel_haenszel([[[1, 0], [0, 0]]]) is None


Answers = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
ITEMS = [f"i{number}" for number in range(12)]


def exposed(chance: np.random.Generator, size: int, *, unlike: float = 0.0) -> Answers:
    """10% of one group and 30% of the other were exploited. unlike: log odds of a yes to the first
    item that the first group has more, at equal exposure."""
    first = np.arange(2 * size) < size
    happened = chance.random(2 * size) < np.where(first, 0.1, 0.3)
    share = np.where(
        happened[:, None], np.linspace(0.4, 0.8, 12)[None], np.linspace(0.05, 0.2, 12)[None]
    )
    odds = share[:, 0] / (1 - share[:, 0]) * np.exp(unlike * first)
    share[:, 0] = odds / (1 + odds)
    return (chance.random((2 * size, 12)) < share).astype(float), first


def graded(chance: np.random.Generator, size: int) -> Answers:
    """How much happened is a matter of degree, and less of it to the first group."""
    first = np.arange(2 * size) < size
    degree = chance.normal(size=2 * size) - 0.7 * first
    chances = 1 / (1 + np.exp(-(degree[:, None] - np.linspace(-0.5, 1.5, 12)[None])))
    return (chance.random((2 * size, 12)) < chances).astype(float), first


def accused(worlds: int, seed: int, **unlike: float) -> tuple[float, float]:
    """Shares of studies in which the first item is accused, and of the others in which one is."""
    chance = np.random.default_rng(seed)
    of_first, of_others = [], []
    for number in range(worlds):
        degree = number % 2 and not unlike
        answers, first = graded(chance, 200) if degree else exposed(chance, 200, **unlike)
        found = item_functions(answers, first, ITEMS)
        said = [each.p is not None and each.p < 0.05 for each in found.items]
        of_first.append(said[0])
        of_others += said[1:]
    return float(np.mean(of_first)), float(np.mean(of_others))


def test_an_item_that_works_unlike_is_found_and_others_are_left() -> None:
    power, false = accused(12, 3, unlike=1.5)
    assert power > 0.8
    assert false < 0.12


@pytest.mark.slow
def test_false_alarms_and_power() -> None:
    _, false = accused(400, 4)
    assert 0.03 <= false <= 0.07
    power, _ = accused(300, 5, unlike=1.0)
    assert power >= 0.8


def test_a_difference_of_exposure_is_told_from_one_of_items() -> None:
    found = item_functions(*exposed(np.random.default_rng(6), 400), ITEMS)
    assert found.exposure is not None
    assert found.exposure[0] < found.exposure[1], "less happened to the first group"
    assert found.classes >= 2
    shares = [each.yes for each in found.items]
    assert all(one is not None and two is not None and one < two for one, two in shares)


def test_small_groups_and_rare_answers_say_nothing() -> None:
    answers, first = exposed(np.random.default_rng(7), 25)
    assert {each.p for each in item_functions(answers, first, ITEMS).items} == {None}
    answers, first = exposed(np.random.default_rng(8), 100)
    answers[:, 3] = 0
    by_name = {each.item: each for each in item_functions(answers, first, ITEMS).items}
    assert by_name["i3"].p is None
    assert by_name["i4"].p is not None


def test_order_and_what_was_not_answered() -> None:
    chance = np.random.default_rng(9)
    answers, first = exposed(chance, 150)
    answers[chance.random(answers.shape) < 0.1] = np.nan
    order = chance.permutation(len(first))
    one, two = (
        item_functions(answers, first, ITEMS),
        item_functions(answers[order], first[order], ITEMS),
    )
    for left, right in zip(one.items, two.items, strict=True):
        assert (left.p is None) == (right.p is None)
        if left.p is not None:
            assert left.p == pytest.approx(right.p, abs=1e-6)
