"""Who may open the pages of age assessments."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

NAMES = ("age", "age_answer", "age_ask", "age_look", "age_result", "age_strike")
URLS = each("cases", NAMES, Url(SIGNED_IN, FILE, answer=404))
