"""Cohen's kappa against a published example, and where it says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.screening.quality import kappa

# J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd edition,
# table 18.1: diagnoses of 100 people by two raters; kappa 0.68 with a standard error of 0.087.
PUBLISHED = ((75, 1, 4), (5, 4, 1), (0, 0, 10))


def table(rows: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    return [
        (one, two)
        for one, row in enumerate(rows)
        for two, count in enumerate(row)
        for _ in range(count)
    ]


def test_the_published_example() -> None:
    found = kappa(table(PUBLISHED))
    assert found.kappa is not None
    assert (found.pairs, found.same) == (100, 89)
    assert found.kappa.estimate == pytest.approx(0.68, abs=5e-3)
    error = (found.kappa.upper - found.kappa.lower) / 2 / 1.959964
    assert error == pytest.approx(0.087, abs=1e-3)


def test_too_few_pairs_or_one_value_say_nothing() -> None:
    assert kappa([("a", "a"), ("a", "b")] * 14).kappa is None
    assert kappa([("a", "a")] * 100).kappa is None
    assert kappa([]).pairs == 0


def test_where_nobody_differs_the_bound_is_not_one() -> None:
    found = kappa([("a", "a"), ("b", "b")] * 20).kappa
    assert found is not None
    assert found.estimate == 1
    assert 0.7 < found.lower < 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=30))
def test_the_interval_holds_the_estimate_and_the_order_does_not_matter(
    pairs: list[tuple[str, str]],
) -> None:
    one, two = kappa(pairs).kappa, kappa([(b, a) for a, b in pairs]).kappa
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert -1 <= one.lower <= one.estimate <= one.upper <= 1
        assert one.estimate == pytest.approx(two.estimate)
