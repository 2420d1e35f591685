"""Who may open the pages of notifications."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = each("cases", ("notice", "notice_new"), Url(SIGNED_IN, FILE, answer=404))
