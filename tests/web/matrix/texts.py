"""Who may open the pages on which words are reviewed."""

from __future__ import annotations

from tests.web.matrix.rules import ASKED, Url, each

SET = ("first-contact", "en")

URLS = (
    each("texts", ("all",), Url(ASKED))
    | each("texts", ("set", "sheet", "file"), Url(ASKED, SET))
    | each("texts", ("one",), Url(ASKED, (*SET, "help-first")))
)
