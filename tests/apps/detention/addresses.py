"""Who may open the pages of detentions."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = each(
    "detention", ("record", "show", "review", "move", "end"), Url(SIGNED_IN, FILE, answer=404)
)
