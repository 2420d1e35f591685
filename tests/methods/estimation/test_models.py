"""Fitting and choosing models, against figures of the papers and of other programs.

Points: MultipleSystemsEstimation 1.2.0, SparseMSE 2.0.1 and Rcapture 1.4-4 run on the same
tables; the articles of Chan, Silverman and Vincent (2021) and Silverman, Chan and Vincent
(2024) print them rounded.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from marfa.methods.estimation import CaptureTable, Fitted
from marfa.methods.estimation.existence import Verdict, valid, verdict
from marfa.methods.estimation.hierarchies import all_models, interactions, model_row, neighbours
from marfa.methods.estimation.newton import design, empty_overlaps, fit_models, identifiable
from marfa.methods.estimation.search import _searched, fit_all
from marfa.methods.estimation.stepwise import stepwise
from tests.methods.estimation import published_tables

TABLES = {
    "artificial": (published_tables.ARTIFICIAL, 539.093929, 539.093929, 539.093929),
    "korea": (published_tables.KOREA, 141.992647, 268.777778, 157.166667),
    "kosovo": (published_tables.KOSOVO, 7394.586662, 14341.663800, 14341.663800),
    "uk 5": (published_tables.UK_5, 13444.131209, 11312.990289, 22991.331314),
    "western": (published_tables.WESTERN, 2007.141757, 2483.383920, 2483.383920),
    "hepatitis": (published_tables.HEPATITIS, 388.483495, 388.483495, 1312.764706),
}


@pytest.mark.parametrize(
    ("table", "independence", "stepwise_", "bic"), TABLES.values(), ids=TABLES.keys()
)
def test_points(table: CaptureTable, independence: float, stepwise_: float, bic: float) -> None:
    fitted = Fitted(table)
    assert fitted.independence.estimate == pytest.approx(independence, rel=1e-8)
    assert fitted.stepwise.estimate == pytest.approx(stepwise_, rel=1e-8)
    assert fitted.models.estimates[0] == pytest.approx(bic, rel=1e-8)


def test_six_lists_every_pairwise_model() -> None:
    models = fit_all(published_tables.UK_6.n, 6, 2)
    assert models.considered == 32_768
    assert models.estimates[0] == pytest.approx(12349.586954, rel=1e-8)


@pytest.mark.parametrize(
    ("table", "order", "estimate", "count"),
    [
        (published_tables.KOSOVO, 3, 10356.518957, 113),
        (published_tables.UK_5, 2, 22991.331314, 1024),
        (published_tables.UK_5, 3, 25311.290613, 6084),
        (published_tables.WESTERN, 3, 2483.383920, 3354),
        (published_tables.KOREA, 2, 157.166667, 6),
        (published_tables.ARTIFICIAL, 2, 539.093929, 4),
        (published_tables.NETHERLANDS_5, 3, None, 6083),
        (published_tables.NEW_ORLEANS_5, 3, None, 5925),
        (published_tables.AUSTRALIA, 3, None, 92),
    ],
)
def test_models_that_have_an_estimate(
    table: CaptureTable, order: int, estimate: float | None, count: int
) -> None:
    models = fit_all(table.n, table.k, order)
    assert len(models.models) == count
    if estimate is not None:
        assert models.estimates[0] == pytest.approx(estimate, rel=1e-8)


def test_bic_of_the_korean_models() -> None:
    # The user guide of MultipleSystemsEstimation prints the table, to five places.
    models = fit_all(published_tables.KOREA.n, 3, 2)
    found = {
        " ".join(published_tables.KOREA.name(t) for t in models.interactions(i)): (
            float(models.estimates[i]),
            float(models.criterion[i]),
        )
        for i in range(6)
    }
    assert found["b:c c:d"] == pytest.approx((157.1667, 57.14081), abs=1e-4)
    assert found["b:c"] == pytest.approx((268.7778, 58.96860), abs=1e-4)
    assert found["b:d c:d"] == pytest.approx((123.4630, 91.89711), abs=1e-4)
    assert found["c:d"] == pytest.approx((126.1944, 138.06368), abs=1e-4)
    assert found["b:d"] == pytest.approx((126.9394, 155.16018), abs=1e-4)
    assert found[""] == pytest.approx((141.9926, 184.14431), abs=1e-4)


@pytest.mark.parametrize(
    ("table", "p", "estimate"),
    [
        (published_tables.UK_6, 0.001, 13181),
        (published_tables.UK_6, 0.02, 11418),
        (published_tables.UK_6, 0.05, 11418),
    ],
)
def test_stepwise_thresholds(table: CaptureTable, p: float, estimate: float) -> None:
    chosen = Fitted(table, 2, p).stepwise
    assert round(chosen.estimate) == estimate


def test_stepwise_terms() -> None:
    # Chan, Silverman and Vincent (2021): the western site has the effect A:E alone.
    chosen = Fitted(published_tables.WESTERN).stepwise
    terms = np.array(interactions(5, 2))[chosen.model]
    assert [published_tables.WESTERN.name(int(term)) for term in terms] == ["A:E"]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 1), (0, 2), (1, 2)], Verdict.NOT_IDENTIFIABLE),
        ([(0, 1)], Verdict.NO_ESTIMATE),
        ([(0, 2), (1, 2)], Verdict.VALID),
    ],
)
def test_check_codes_of_the_artificial_table(
    pairs: list[tuple[int, int]], expected: Verdict
) -> None:
    # Chan, Silverman and Vincent (2021), section 2: codes 2, 1 and 0.
    plan = design(3, 2)
    row = model_row([1 << a | 1 << b for a, b in pairs], plan.terms[plan.fixed :])
    assert verdict(published_tables.ARTIFICIAL.n, row, plan) == expected


@pytest.mark.parametrize(
    ("k", "order", "count"),
    [(3, 2, 8), (4, 2, 64), (4, 3, 113), (5, 2, 1024), (5, 3, 6212), (5, 4, 6893), (6, 2, 32_768)],
)
def test_number_of_models(k: int, order: int, count: int) -> None:
    models = all_models(k, order)
    assert models is not None
    assert len(models) == len(np.unique(models, axis=0)) == count


def test_too_many_models_are_not_listed() -> None:
    assert all_models(6, 3) is None
    assert all_models(7, 2) is None


@pytest.mark.parametrize(
    ("table", "order"), [(published_tables.UK_5, 2), (published_tables.UK_5, 3)]
)
def test_search_finds_the_global_minimum(table: CaptureTable, order: int) -> None:
    # A single start of the greedy search stops at 12,262 for this table.
    found = _searched(table.n, design(table.k, order), "bic")
    assert found.estimates[0] == pytest.approx(fit_all(table.n, table.k, order).estimates[0])
    assert found.considered < 1000


def test_neighbours_stay_hierarchical() -> None:
    terms = interactions(4, 3)
    row = model_row([0b0111], terms)
    assert row.sum() == 4
    for other in neighbours(row, terms):
        assert (
            model_row([t for t, has in zip(terms, other, strict=True) if has], terms) == other
        ).all()


sparse_tables = st.integers(3, 4).flatmap(
    lambda k: st.lists(
        st.sampled_from([0, 0, 0, 1, 2, 7, 40]), min_size=2**k - 1, max_size=2**k - 1
    )
)


def _some_models(n: NDArray[np.float64], seed: int) -> tuple[NDArray[np.bool_], int]:
    k = len(n).bit_length()
    models = all_models(k, 3)
    assert models is not None
    rng = np.random.default_rng(seed)
    return models[rng.integers(len(models), size=12)], k


@settings(max_examples=30, deadline=None)
@given(sparse_tables, st.integers(0, 1000))
def test_the_fast_verdict_is_the_programmes(counts: list[int], seed: int) -> None:
    n = np.array(counts, dtype=float)
    models, k = _some_models(n, seed)
    plan = design(k, min(3, k - 1))
    fits = fit_models(n, models, plan)
    slow = [verdict(n, model, plan) == Verdict.VALID for model in models]
    assert valid(n, models, fits, plan).tolist() == slow


@settings(max_examples=30, deadline=None)
@given(sparse_tables, st.integers(0, 1000))
def test_identifiability_is_full_rank(counts: list[int], seed: int) -> None:
    n = np.array(counts, dtype=float)
    models, k = _some_models(n, seed)
    plan = design(k, min(3, k - 1))
    for model in models:
        present = np.concatenate([np.ones(plan.fixed, dtype=bool), model])
        empty = empty_overlaps(n, plan) & present
        active, cells = present & ~empty, (empty.astype(float) @ plan.x.T) == 0
        rank = np.linalg.matrix_rank(plan.x[cells][:, active]) if cells.any() else 0
        assert bool(identifiable(active, cells)) == (rank == active.sum())


@settings(max_examples=40, deadline=None)
@given(sparse_tables, st.integers(0, 1000))
def test_fitted_margins_are_the_observed_ones(counts: list[int], seed: int) -> None:
    n = np.array(counts, dtype=float)
    models, k = _some_models(n, seed)
    plan = design(k, min(3, k - 1))
    fits = fit_models(n, models, plan)
    for i in np.flatnonzero(valid(n, models, fits, plan) & fits.certain):
        beta = fits.beta[i]
        gone = (np.isneginf(beta).astype(float) @ plan.x.T) > 0
        means = np.where(gone, 0, np.exp(np.where(np.isneginf(beta), 0, beta) @ plan.x.T))
        present = np.concatenate([np.ones(plan.fixed, dtype=bool), models[i]])
        assert (means @ plan.x)[present] == pytest.approx((n @ plan.x)[present], abs=1e-6)


def test_one_table_or_many_is_the_same() -> None:
    rng = np.random.default_rng(3)
    n = published_tables.UK_5.n
    tables = rng.multinomial(2744, n / n.sum(), size=40).astype(float)
    together = stepwise(tables, 5)
    alone = [stepwise(table[None, :], 5).unseen[0] for table in tables]
    assert together.unseen == pytest.approx(np.array(alone), rel=1e-9)


def test_two_lists_are_lincoln_and_petersen() -> None:
    table = CaptureTable.of("ab", {1: 30, 2: 50, 3: 10})
    assert Fitted(table).independence.estimate == pytest.approx(40 * 60 / 10)


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_the_lists_does_not_matter(new: list[int]) -> None:
    table = published_tables.KOSOVO
    moved = CaptureTable.of(
        table.lists,
        [
            (sum(1 << new[i] for i in range(4) if cell >> i & 1), count)
            for cell, count in enumerate(table.counts, start=1)
        ],
    )
    for name, value in Fitted(table).choices.items():
        assert Fitted(moved).choices[name] == pytest.approx(value, rel=1e-7)
