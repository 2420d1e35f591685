"""R beside ``marfa.methods.estimation``: the same answers, and how long each takes.

    python benchmarks/estimation.py --only comparison

Base R fits models one by one. The packages dga, MultipleSystemsEstimation, SparseMSE and Rcapture
(data sets alone) are asked where they are installed; they are free software under the GPL, run as
they are, and nothing of theirs is here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from marfa.methods.estimation import CaptureTable, Fitted, read_captures
from marfa.methods.estimation.table import membership

sys.path.insert(0, str(Path(__file__).parents[1]))

GRID = 60_000
"""Totals that the package dga looks at: 30 times the people seen, in steps if these are more."""

THRESHOLDS = (0.001, 0.02, 0.05)

# Data sets of the packages: counted histories, but for the hares, of which each has a row.
DATA = """
sets <- list(c("MultipleSystemsEstimation", "Ned"), c("MultipleSystemsEstimation", "Ned_5"),
             c("MultipleSystemsEstimation", "NewOrl"), c("MultipleSystemsEstimation", "NewOrl_5"),
             c("SparseMSE", "NewOrl_5"), c("Rcapture", "lesbian"), c("Rcapture", "hare"))
for (s in sets) if (requireNamespace(s[1], quietly = TRUE)) {
  e <- new.env(); data(list = s[2], package = s[1], envir = e); x <- as.matrix(get(s[2], e))
  if (s[2] == "hare") x <- cbind(x, 1)
  for (i in seq_len(nrow(x))) cat(s[1], s[2], x[i, ], "\\n")
}
"""

ANSWERS = """
k <- ncol(zdat) - 1
say <- function(name, value) cat(name, format(unname(value), digits = 16), "\\n")
has <- function(package) requireNamespace(package, quietly = TRUE)
attempt <- function(name, job) tryCatch(say(name, suppressWarnings(job())), error = function(e) 0)
every <- as.matrix(expand.grid(rep(list(0:1), k)))[-1, ]
y <- apply(every, 1, function(h) sum(zdat[apply(zdat[, 1:k], 1, function(z) all(z == h)), k + 1]))
control <- glm.control(epsilon = 1e-14, maxit = 100)
say("independence", sum(y) + exp(coef(glm.fit(cbind(1, every), y, family = poisson(),
                                              control = control))[1]))
if (has("MultipleSystemsEstimation")) {
  library(MultipleSystemsEstimation)
  for (p in c(0.001, 0.02, 0.05)) attempt(paste0("stepwise-", p),
    function() estimate_population_stepwise(zdat, pthresh = p)$popest)
  if (k <= 5) attempt("bic-2", function() estimate_population_bic(zdat, maxorder = 2)$popest)
  if (k == 4 || k == 5)
    attempt("bic-3", function() estimate_population_bic(zdat, maxorder = 3)$popest)
}
if (has("dga") && k >= 3 && k <= 5) {
  library(dga)
  data(list = paste0("graphs", k)); graphs <- get(paste0("graphs", k))
  Y <- array(0, rep(2, k))
  for (i in seq_len(nrow(zdat))) Y[matrix(zdat[i, 1:k] + 1, 1)] <- zdat[i, k + 1]
  step <- max(1, ceiling(30 * sum(y) / GRID)); unseen <- seq(1, 30 * sum(y), by = step)
  w <- colSums(bma.cr(Y, unseen, 2^-k, graphs))
  say("step", step); say("dga", sum(y) + unseen[which(cumsum(w) >= sum(w) / 2)[1]])
}
"""

# Every pairwise model, as ``fit_models`` does it: from which pairs it has to its people unseen.
# Cells of an empty overlap leave the fit with its column. Half of the runs warm R up.
ALL_PAIRS = """
k <- ncol(zdat) - 1
every <- as.matrix(expand.grid(rep(list(0:1), k)))[-1, ]
y <- apply(every, 1, function(h) sum(zdat[apply(zdat[, 1:k], 1, function(z) all(z == h)), k + 1]))
pairs <- combn(k, 2); both <- apply(pairs, 2, function(p) every[, p[1]] * every[, p[2]])
empty <- colSums(both * y) == 0; main <- cbind(1, every); family <- poisson()
models <- as.matrix(expand.grid(rep(list(c(FALSE, TRUE)), ncol(both))))
fit <- function(model) {
  kept <- rowSums(both[, model & empty, drop = FALSE]) == 0
  x <- cbind(main, both[, model & !empty, drop = FALSE])[kept, ]
  f <- suppressWarnings(glm.fit(x, y[kept], family = family))
  c(exp(f$coefficients[[1]]),
    -2 * sum(dpois(y[kept], f$fitted.values, log = TRUE)) + log(sum(y)) * (1 + k + sum(model)))
}
for (run in 1:2) t <- system.time(found <- apply(models, 1, fit))
best <- which.min(found[2, ])
cat("models", nrow(models), "\\nseconds", t[["user.self"]] + t[["sys.self"]],
    "\\nunseen", format(found[1, best], digits = 16),
    "\\nbic", format(found[2, best], digits = 16), "\\n")
"""

# What is timed: the models by the package, 100 replicates of stepwise with BCa, 822 graphs.
TIMED = {
    "pairs": (
        "MultipleSystemsEstimation",
        "MultipleSystemsEstimation::estimate_population_bic(zdat, maxorder = 2)",
    ),
    "stepwise": (
        "MultipleSystemsEstimation",
        "MultipleSystemsEstimation::estimate_population_stepwise(zdat, nboot = 100)",
    ),
    "graphs": (
        "dga",
        "k <- ncol(zdat) - 1; e <- new.env(); data(list = paste0('graphs', k), package = 'dga', "
        "envir = e); Y <- array(0, rep(2, k)); "
        "for (i in seq_len(nrow(zdat))) Y[matrix(zdat[i, 1:k] + 1, 1)] <- zdat[i, k + 1]; "
        "dga::bma.cr(Y, 1:60000, 2^-k, get(paste0('graphs', k), e))",
    ),
}


@dataclass(frozen=True)
class Compared:
    """One number of ours beside that of R. step: of the grid, where there is one."""

    table: str
    method: str
    ours: float
    theirs: float
    step: float | None = None

    @property
    def apart(self) -> float:
        """Relative difference."""
        return abs(self.ours / self.theirs - 1)

    @property
    def agrees(self) -> bool:
        return self.apart <= 1e-6

    @property
    def near(self) -> bool:
        """Within two steps of a grid, each a whole number of people."""
        return self.step is not None and abs(self.ours - self.theirs) <= 2 * self.step


def in_r(script: str, table: CaptureTable | None = None) -> list[list[str]] | None:
    """What a script prints, in words by line; ``zdat`` is the table. None where R is absent."""
    r = shutil.which("Rscript")
    if r is None:
        return None
    if table is not None:
        rows = np.column_stack([membership(table.k), table.n])[table.n > 0]
        cells = ",".join(str(int(x)) for x in rows.T.ravel())
        names = ",".join(f'"{letter}"' for letter in "abcdefghijkl"[: table.k])
        script = (
            f"zdat <- matrix(c({cells}), ncol = {table.k + 1}); "
            f"colnames(zdat) <- c({names}, 'count')\n{script}"
        )
    told = subprocess.run(
        [r, "-"], input=script, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    return [line.split() for line in told.stdout.splitlines()] if told.returncode == 0 else None


def seconds_in_r(name: str, table: CaptureTable) -> float | None:
    """CPU seconds of a call; None where R or the package is absent."""
    package, call = TIMED[name]
    told = in_r(
        f"if (!requireNamespace('{package}', quietly = TRUE)) quit(status = 3)\n"
        f"t <- system.time({{ {call} }}); "
        "cat('seconds', t[['user.self']] + t[['sys.self']])",
        table,
    )
    return float(told[-1][1]) if told else None


def pairs_in_r(table: CaptureTable) -> dict[str, float] | None:
    """Of ``glm.fit`` over the pairwise models: models, CPU seconds, the best and its BIC."""
    told = in_r(ALL_PAIRS, table)
    return None if told is None else {line[0]: float(line[1]) for line in told}


def more_tables() -> Iterator[tuple[str, CaptureTable]]:
    """Strata of the reference data, tables printed in papers, data sets of the packages."""
    from tests.methods.estimation import published_tables

    spina = Path(os.environ.get("MARFA_REFERENCE_DATA", "")) / "estimation/mse/spina_strat_3.csv"
    if spina.is_file():
        read = read_captures(spina, strata=["eth"])
        yield "spina bifida", read.table
        yield from ((f"spina bifida, {', '.join(group)}", table) for group, table in read.strata)
    for name, table in vars(published_tables).items():
        if isinstance(table, CaptureTable):
            yield name.lower(), table
    sets: dict[str, list[list[int]]] = {}
    for package, name, *cells in in_r(DATA) or []:
        sets.setdefault(f"{package}, {name}", []).append([int(float(x)) for x in cells])
    for name, rows in sets.items():
        k = len(rows[0]) - 1
        pairs = [(sum(mark << i for i, mark in enumerate(row[:k])), row[k]) for row in rows]
        lists = tuple("abcdefghijkl"[:k])
        yield name, CaptureTable.of(lists, [(h, float(n)) for h, n in pairs if h])


def compare_with_r(found: dict[str, CaptureTable]) -> None:
    """Every answer of R on every table that is here, and ours beside it."""
    print("\nComparison with R: points and posterior medians")
    if shutil.which("Rscript") is None:
        print("  skipped, Rscript is not installed")
        return
    known: set[tuple[float, ...]] = set()
    compared: list[Compared] = []
    for name, table in (*found.items(), *more_tables()):
        same = (float(table.k), *sorted(table.counts))
        if same in known:
            continue
        known.add(same)
        here = list(_compared(name, table))
        compared += here
        worst = max(here, key=lambda each: each.apart)
        print(
            f"  {name:36}{table.k:>2} lists, {sum(c.agrees for c in here)} of {len(here)} within "
            f"1e-6; furthest {worst.method} {worst.ours:.6f}, R {worst.theirs:.6f}",
            flush=True,
        )
    apart = [each for each in compared if not each.agrees]
    steps = sum(each.near for each in apart)
    print(
        f"  {len(compared)} comparisons on {len(known)} tables: "
        f"{len(compared) - len(apart)} within 1e-6, {steps} more within two steps of the grid, "
        f"{len(apart) - steps} further apart"
    )


def _compared(name: str, table: CaptureTable) -> Iterator[Compared]:
    told = in_r(ANSWERS.replace("GRID", str(GRID)), table) or []
    theirs = {line[0]: float(line[1]) for line in told if len(line) == 2}
    step = theirs.pop("step", 1.0)
    fitted = Fitted(table)
    for method, value in theirs.items():
        kind, _, which = method.partition("-")
        if kind == "independence":
            ours = fitted.independence.estimate
        elif kind == "stepwise":
            ours = Fitted(table, p_threshold=float(which)).stepwise.estimate
        elif kind == "bic":
            ours = float(Fitted(table, order=int(which)).models.estimates[0])
        else:
            ours = fitted.posterior.quantile(0.5) if fitted.posterior else float("nan")
        yield Compared(name, method, ours, value, step if kind == "dga" else None)
