"""Who may open the pages of the directory of services."""

from __future__ import annotations

from tests.web.matrix.rules import ASKED, FILE, Url, each

URLS = (
    each("services", ("all", "find", "add", "files"), Url(ASKED))
    | each("services", ("one", "edit"), Url(ASKED, FILE, answer=404))
    | {"services:file": Url(ASKED, ("csv",))}
)
