"""Krippendorff's alpha against published worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.screening.quality import Metric, alpha

X: None = None

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections A to D.
BINARY = list(zip("0100000010", "1110010000", strict=True))
NOMINAL = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
FOUR_OBSERVERS = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3),
        (X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X),
        strict=True,
    )
)
# The computational example of the encyclopedia article on Krippendorff's alpha: three coders.
THREE_CODERS = list(
    zip(
        (X, X, X, X, X, 3, 4, 1, 2, 1, 1, 3, 3, X, 3),
        (1, X, 2, 1, 3, 3, 4, 3, X, X, X, X, X, X, X),
        (X, X, 2, 1, 3, 4, 4, X, 2, 1, 1, 3, 3, X, 4),
        strict=True,
    )
)


def test_binary_data_of_two_observers() -> None:
    assert alpha(BINARY) == pytest.approx(0.095, abs=0.0005)


def test_nominal_data_of_two_observers() -> None:
    assert alpha(NOMINAL) == pytest.approx(0.692, abs=0.0005)


@pytest.mark.parametrize(
    ("metric", "published"),
    [
        (Metric.NOMINAL, 0.743),
        (Metric.ORDINAL, 0.815),
        (Metric.INTERVAL, 0.849),
        (Metric.RATIO, 0.797),
    ],
)
def test_four_observers_with_missing_values(metric: Metric, published: float) -> None:
    assert alpha(FOUR_OBSERVERS, metric) == pytest.approx(published, abs=0.0005)


@pytest.mark.parametrize(
    ("metric", "published"),
    [(Metric.NOMINAL, 0.691), (Metric.ORDINAL, 0.807), (Metric.INTERVAL, 0.811)],
)
def test_three_coders_with_missing_values(metric: Metric, published: float) -> None:
    assert alpha(THREE_CODERS, metric) == pytest.approx(published, abs=0.0005)


units = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=2, max_size=4), max_size=12
)


@given(units, st.sampled_from(Metric))
def test_neither_the_order_of_units_nor_of_observers_matters(
    data: list[list[int | None]], metric: Metric
) -> None:
    first = alpha(data, metric)
    second = alpha([list(reversed(unit)) for unit in reversed(data)], metric)
    assert (first is None) == (second is None)
    if first is not None:
        assert second == pytest.approx(first)
        assert first <= 1


@given(units)
def test_agreement_with_oneself_is_full(data: list[list[int | None]]) -> None:
    result = alpha([[unit[0], unit[0]] for unit in data])
    assert result is None or result == pytest.approx(1)


def test_two_values_make_all_metrics_but_scale_alike() -> None:
    data = [[0, 1], [0, 0], [1, 1], [1, 0], [0, 0]]
    nominal = alpha(data)
    assert nominal is not None
    assert alpha(data, Metric.ORDINAL) == pytest.approx(nominal)
    assert alpha(data, Metric.INTERVAL) == pytest.approx(nominal)


def test_it_says_where_it_cannot_answer() -> None:
    assert alpha([]) is None
    assert alpha([[1, None], [None, 2]]) is None
    assert alpha([[1, 1], [1, 1]]) is None
    with pytest.raises(TypeError):
        alpha([["yes", "no"]], Metric.ORDINAL)
    with pytest.raises(ValueError, match="negative"):
        alpha([[-1, 2]], Metric.RATIO)
