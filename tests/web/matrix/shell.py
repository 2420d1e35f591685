"""Who may open the pages of shell."""

from __future__ import annotations

from tests.web.matrix.rules import ANYBODY, SIGNED_IN, Url, each

URLS = {
    **each("", ("home", "search", "timeline"), Url(SIGNED_IN)),
    "shortcuts": Url(SIGNED_IN, answer=302, post=True),
    "health": Url(ANYBODY),
    "demo:enter": Url(ANYBODY, post=True),
    "demo:components": Url(ANYBODY),
}
