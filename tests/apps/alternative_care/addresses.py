"""Who may open the pages of a child in care."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = each("cases", ("place_child", "placement", "move_child"), Url(SIGNED_IN, FILE, answer=404))
