"""Does a finite estimate exist? Fienberg and Rinaldo's answer, by linear programming.

The maximum likelihood estimate exists where the observed margins lie inside the cone of
possible margins, not on its edge: where some table with every cell positive has the same
margins (Fienberg and Rinaldo 2012, Theorem 1; Chan, Silverman and Vincent 2021, section 2).
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np
from scipy.optimize import linprog

from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import (
    Design,
    Fits,
    Floats,
    empty_overlaps,
    fit_models,
    identifiable,
)


class Verdict(IntEnum):
    """What can be said of a model on a table."""

    VALID = 0
    NO_ESTIMATE = 1
    NOT_IDENTIFIABLE = 2
    NEITHER = 3


def verdict(n: Floats, model: Bools, plan: Design) -> Verdict:
    """Existence and identifiability of one model, from first principles.

    n: (cells,); model: (interactions,). The answer depends only on which cells are zero.
    """
    present = np.concatenate([np.ones(plan.fixed, dtype=bool), model])
    empty = empty_overlaps(n, plan) & present
    active = present & ~empty
    cells = (empty.astype(np.float64) @ plan.x.T) == 0
    known = bool(identifiable(active, cells))
    exists = _exists(
        plan.k,
        tuple(np.array(plan.terms)[active].tolist()),
        tuple((np.flatnonzero(cells) + 1).tolist()),
        tuple((np.flatnonzero(n > 0) + 1).tolist()),
    )
    return Verdict((0 if exists else 1) + (0 if known else 2))


def valid(n: Floats, models: Bools, fits: Fits, plan: Design) -> Bools:
    """Which of the fitted models have an estimate; the programme is solved only in doubt.

    Doubtful fits that have one are completed in place.

    A fit that settled with every mean well above zero is its own certificate.
    n: (cells,) or (models, cells).
    """
    tables = np.broadcast_to(n, (len(models), n.shape[-1]))
    result = fits.certain & fits.identifiable
    for i in np.flatnonzero(fits.identifiable & ~fits.certain):
        result[i] = settle_fit(tables[i], models, fits, plan, int(i))
    return result


def settle_fit(n: Floats, models: Bools, fits: Fits, plan: Design, i: int) -> bool:
    """Whether a fit in doubt has an estimate; if so it is fitted to the end, in place.

    An estimate that exists but cannot be computed is treated as none.
    """
    if verdict(n, models[i], plan) != Verdict.VALID:
        return False
    again = fit_models(n, models[i : i + 1], plan, patient=True)
    if again.certain[0]:
        fits.beta[i], fits.unseen[i], fits.loglik[i] = (
            again.beta[0],
            again.unseen[0],
            again.loglik[0],
        )
        fits.certain[i] = True
    return bool(again.certain[0])


@lru_cache(maxsize=200_000)
def _exists(k: int, terms: tuple[int, ...], cells: tuple[int, ...], seen: tuple[int, ...]) -> bool:
    """Whether a table positive on ``cells`` has the margins of one positive on ``seen`` alone.

    Only the face of the cone on which the margins lie matters, and that depends on which
    cells are positive, not on their counts; so each of ``seen`` is given the count one. The
    programme maximises the smallest cell of a table with those margins.
    """
    if not terms:
        return False  # nobody was seen at all
    wanted = np.array(terms)
    at = np.array(cells)
    x = ((at[:, None] & wanted) == wanted).astype(np.float64)
    margins = np.isin(at, np.array(seen)).astype(np.float64) @ x
    objective = np.zeros(len(at) + 1)
    objective[-1] = -1.0
    # Cells are written as y + s with y >= 0 and s the smallest cell.
    equal = np.column_stack([x.T, x.sum(axis=0)])
    answer = linprog(objective, A_eq=equal, b_eq=margins, bounds=(0, None), method="highs")
    return bool(answer.status == 0 and -answer.fun > 1e-6)
