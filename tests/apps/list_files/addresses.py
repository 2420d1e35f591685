"""Who may open the pages of files with names."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url

URLS = {"list_files:request": Url(SIGNED_IN, FILE, answer=404)}
