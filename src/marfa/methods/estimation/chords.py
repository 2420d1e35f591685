"""Fits of drawn tables from those of the table they were drawn from.

The information of a model hardly changes from one drawn table to the next, so its inverse at
the observed table serves all: ``beta + H^-1 s`` again and again (the chord method; Ortega and
Rheinboldt 1970, section 7.1) leads near each estimate without a system of equations to solve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import Design, Floats

ROUNDS = 4
LONGEST = 2.0
"""No parameter is moved by more at a time."""


@dataclass(frozen=True)
class Chords:
    """Models at the table observed.

    beta: (models, terms), finite. active: which terms a model has, (models, terms). cells: which
    of them are not empty, (models, cells). means: (models, cells). inverse: of the information,
    (models, terms, terms).
    """

    plan: Design
    beta: Floats
    active: Bools
    cells: Bools
    means: Floats
    inverse: Floats

    @classmethod
    def of(cls, plan: Design, models: Bools, beta: Floats) -> Chords:
        """models: (models, interactions); beta: (models, terms), -inf for empty overlaps."""
        finite = np.isfinite(beta)
        present = np.ones(beta.shape, dtype=bool)
        present[:, plan.fixed :] = models
        active = present & finite
        safe = np.where(active, beta, 0.0)
        cells = ((~finite).astype(np.float64) @ plan.x.T) == 0
        means = np.where(cells, np.exp(np.minimum(safe @ plan.x.T, 700.0)), 0.0)
        size = len(plan.terms)
        matrix = np.take(means @ plan.products, plan.at, axis=1).reshape(-1, size, size)
        matrix *= active[:, :, None] & active[:, None, :]
        diagonal = np.arange(size)
        own = matrix[:, diagonal, diagonal]
        matrix[:, diagonal, diagonal] = own * (1 + 1e-9) + ~active + 1e-300
        inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
        return cls(plan, safe, active, cells, means, inverse)

    def starts(
        self, tables: Floats, at_table: NDArray[np.intp], at_model: NDArray[np.intp]
    ) -> Floats:
        """Where to begin the fit of some models on some tables, shape (fits, terms)."""
        plan = self.plan
        beta, active, cells = self.beta[at_model], self.active[at_model], self.cells[at_model]
        inverse = self.inverse[at_model]
        margins = (tables @ plan.x)[at_table]
        means = self.means[at_model]
        for _ in range(ROUNDS):
            score = (margins - means @ plan.x) * active
            step = np.matmul(inverse, score[:, :, None])[:, :, 0]
            beta = beta + np.clip(step, -LONGEST, LONGEST) * active
            means = np.where(cells, np.exp(np.clip(beta @ plan.x.T, -700.0, 700.0)), 0.0)
        return np.asarray(beta)
