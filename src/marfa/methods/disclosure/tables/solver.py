"""HiGHS, silent and on one core."""

from __future__ import annotations

import highspy

START = 4
"""Steps that a run counts beside those it takes: setting up is work too."""

NODES = 200
"""Nodes of a search in whole numbers."""


class _Silent(highspy.Highs):
    # The solver prints its banner when callbacks are enabled, before it can be asked not to.
    def enableCallbacks(self) -> None:  # noqa: N802
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet_solver(*, presolve: bool) -> highspy.Highs:
    """A solver for many small questions (no presolve, keeps its basis) or one large (presolve)."""
    highs = _Silent()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    if not presolve:
        highs.setOptionValue("presolve", "off")
    return highs


class Work:
    """How much may still be computed, in millions of steps of the solver over an entry.

    Time would stop the search elsewhere on another machine, or beside other programs; the same work
    ends in the same figures everywhere.
    """

    def __init__(self, units: float, whole: Work | None = None) -> None:
        self.left = float(units)
        self._whole = whole

    @property
    def done(self) -> bool:
        """Nothing is left."""
        return self.left <= 0

    def part(self, share: float) -> Work:
        """A part of what is left; what is spent of it is spent of the whole."""
        return Work(self.left * share, self)

    def spend(self, units: float) -> None:
        """Take note of work that was done."""
        self.left -= units
        if self._whole is not None:
            self._whole.spend(units)

    def run(self, highs: highspy.Highs, *, nodes: int = NODES) -> None:
        """Let the solver run to its end (or so many nodes), and take note of what it took."""
        entries = max(highs.getNumNz(), 1)
        highs.setOptionValue("mip_max_nodes", nodes)
        highs.run()
        taken = max(int(highs.getInfo().simplex_iteration_count), 0) + START
        self.spend(taken * entries / 1e6)
