"""Who may open the pages of talks with children."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, MANAGERS, SIGNED_IN, Url, each

URLS = each("child_talks", ("begin", "no_list", "talk"), Url(SIGNED_IN, FILE, answer=404)) | each(
    "child_talks", ("trainings", "settings"), Url(MANAGERS)
)
