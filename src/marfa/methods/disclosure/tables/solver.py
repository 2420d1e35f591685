"""HiGHS, silent and on one core."""

from __future__ import annotations

import highspy


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
