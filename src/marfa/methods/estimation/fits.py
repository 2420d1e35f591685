"""Every method's answer to one table, without intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marfa.methods.estimation import graphs
from marfa.methods.estimation.dga import FINEST, Posterior, posterior
from marfa.methods.estimation.existence import Verdict, valid, verdict
from marfa.methods.estimation.heterogeneity import Heterogeneous, candidates, heterogeneous
from marfa.methods.estimation.hierarchies import Bools, interactions
from marfa.methods.estimation.latent_classes import Classes, posterior_classes
from marfa.methods.estimation.newton import design, fit_models
from marfa.methods.estimation.search import ModelSet, fit_all
from marfa.methods.estimation.stepwise import P_THRESHOLD, stepwise
from marfa.methods.estimation.table import CaptureTable

METHODS = ("independence", "stepwise", "bic", "bma", "dga")
"""What ``all`` computes."""

OFFERED = (*METHODS, "lcmcr")
"""And what has to be asked for, because it takes long."""

REJECTED = 10.0
"""A model this much worse in BIC has very strong evidence against it (Raftery 1995)."""

NEAR_TIE = 2.0
"""A difference in BIC "not worth more than a bare mention" (Raftery 1995)."""


@dataclass(frozen=True)
class Chosen:
    """One model and what it says. model: (pairs,), interactions of two lists only."""

    model: Bools
    verdict: Verdict
    estimate: float
    bic: float


@dataclass(frozen=True)
class Fitted:
    """The answers for a table; each is computed when it is first asked for.

    finest: most totals that ``dga`` looks at. latent: the seed of the latent classes, None
    where they were not asked for.
    """

    table: CaptureTable
    order: int = 2
    p_threshold: float = P_THRESHOLD
    latent: int | None = None
    finest: int = FINEST

    def _chosen(self, model: Bools) -> Chosen:
        plan = design(self.table.k, 2)
        fits = fit_models(self.table.n, model[None, :], plan)
        found = verdict(self.table.n, model, plan)
        if found == Verdict.VALID and not valid(self.table.n, model[None, :], fits, plan)[0]:
            found = Verdict.NO_ESTIMATE
        return Chosen(
            model,
            found,
            self.table.observed + float(fits.unseen[0]),
            float(fits.criterion(self.table.observed)[0]),
        )

    @cached_property
    def independence(self) -> Chosen:
        """No interaction between the lists."""
        return self._chosen(np.zeros(len(interactions(self.table.k, 2)), dtype=bool))

    @cached_property
    def stepwise(self) -> Chosen:
        """Pairs added by p-value."""
        return self._chosen(
            stepwise(self.table.n[None, :], self.table.k, self.p_threshold).models[0]
        )

    @cached_property
    def models(self) -> ModelSet:
        """All hierarchical models to the order asked for, best BIC first."""
        return fit_all(self.table.n, self.table.k, self.order)

    @cached_property
    def deeper(self) -> ModelSet | None:
        """Models with interactions of three lists too, where they can all be fitted."""
        if self.order >= 3 or not 4 <= self.table.k <= 5:
            return None
        return fit_all(self.table.n, self.table.k, 3)

    @cached_property
    def posterior(self) -> Posterior | None:
        """Over decomposable graphs; None where the lists are too few or too many."""
        if not 3 <= self.table.k <= graphs.MAX_LISTS:
            return None
        return posterior(self.table.n, self.table.k, self.finest)

    @cached_property
    def classes(self) -> Classes | None:
        """Latent classes, where they were asked for."""
        if self.latent is None or self.table.k < 3:
            return None
        return posterior_classes(np.rint(self.table.n), self.table.k, self.latent)

    @cached_property
    def heterogeneous(self) -> Heterogeneous | None:
        """What follows if people differ in their chance of being listed; shapes (1, families)."""
        if self.table.k < 3 or not len(self.models.models):
            return None
        return heterogeneous(self.table.n[None, :], self.table.k, candidates(self.models))

    @cached_property
    def differing(self) -> list[float]:
        """Estimates with such differences that describe the data as well as any model does."""
        found = self.heterogeneous
        if found is None:
            return []
        sets = [m for m in (self.models, self.deeper) if m is not None and len(m.models)]
        best = min(float(models.criterion[0]) for models in sets)
        close = (found.criterion[0] <= best + NEAR_TIE) & (found.strength[0] > 0)
        return [float(x) for x in self.table.observed + found.unseen[0][close]]

    @cached_property
    def choices(self) -> Mapping[str, float]:
        """The defensible estimates: what each method arrives at, by name.

        Independence is among them unless the data speak very strongly against it.
        """
        found: dict[str, float] = {}
        if self.table.k >= 3:
            if self.stepwise.verdict == Verdict.VALID:
                found["stepwise"] = self.stepwise.estimate
            for models in (self.models, self.deeper):
                if models is None or not len(models.models):
                    continue
                order = self.order if models is self.models else 3
                found[f"bic-{order}"] = float(models.estimates[0])
                found[f"bma-{order}"] = float(models.weights @ models.estimates)
            if self.posterior is not None:
                found["dga"] = self.posterior.quantile(0.5)
            if self.classes is not None and self.classes.converged:
                found["lcmcr"] = self.classes.quantile(0.5)
        if self.independence.verdict == Verdict.VALID and not self.independence_rejected:
            found["independence"] = self.independence.estimate
        return found

    @property
    def independence_rejected(self) -> bool:
        """Whether another model describes the overlaps very much better."""
        best = self.models.criterion
        return bool(len(best)) and self.independence.bic - float(best[0]) > REJECTED

    def near_ties(self, models: ModelSet) -> tuple[int, float, float]:
        """Models within a bare mention of the best: how many, lowest and highest estimate."""
        close = models.estimates[models.criterion <= models.criterion[0] + NEAR_TIE]
        return len(close), float(close.min()), float(close.max())
