"""Who may open the pages of recovery plans, which stand among those of cases."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = {
    **each(
        "cases",
        (
            *("recovery", "recovery_new", "recovery_review"),
            *("recovery_step_new", "recovery_step", "recovery_step_change"),
        ),
        Url(SIGNED_IN, FILE, answer=404),
    ),
}
