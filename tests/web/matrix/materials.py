"""Who may open the pages of leaflets."""

from __future__ import annotations

from tests.web.matrix.rules import ASKED, FILE, Url, each

URLS = each("materials", ("all", "order", "offer"), Url(ASKED)) | each(
    "materials", ("one", "file"), Url(ASKED, FILE, answer=404)
)
