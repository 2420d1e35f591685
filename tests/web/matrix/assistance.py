"""Who may open the pages of the plan and the help."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

NAMES = (
    *("help_ask", "help", "new_goal", "goal", "goal_end"),
    *("safety_plan", "reflection", "returning"),
)
URLS = each("cases", NAMES, Url(SIGNED_IN, FILE, answer=404))
