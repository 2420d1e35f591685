"""Who may open the pages of best interests, which stand among those of cases."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = {
    **each(
        "cases",
        (
            *("representative", "representative_new", "adult_doubt", "adult_doubt_new"),
            *("capacity", "child_answer", "agency_decision", "agency_decision_new"),
            *("best_interests", "determination", "determination_new", "determination_change"),
            *("determination_new_option", "determination_option", "panel_member"),
            "panel_member_one",
        ),
        Url(SIGNED_IN, FILE, answer=404),
    ),
}
