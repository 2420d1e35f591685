"""Who may open the pages of tracing that stand outside the desks."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = {
    **each(
        "cases",
        (
            *("add_relative", "relative", "family_risks", "reunify", "relative_decision"),
            *("reunification", "family_visit", "look_for", "never_through", "tracing"),
            *("ask_parting", "parting", "share_tracing"),
        ),
        Url(SIGNED_IN, FILE, answer=404),
    ),
}
