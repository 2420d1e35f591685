"""Who may open the pages of sealedtier."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, OFFICERS, SIGNED_IN, WORKING, Url, each

URLS = {
    **each("sealedtier", ("overview", "passphrase"), Url(SIGNED_IN)),
    **each("sealedtier", ("forgotten", "unlock"), Url(SIGNED_IN, answer=302)),
    "sealedtier:lock": Url(SIGNED_IN, answer=302, post=True),
    "sealedtier:new": Url(WORKING, answer=302),
    **each("sealedtier", ("note", "ask", "people", "request"), Url(SIGNED_IN, FILE, answer=404)),
    **each("sealedtier", ("answer", "open"), Url(SIGNED_IN, FILE, answer=404, post=True)),
    "sealedtier:log": Url(OFFICERS),
}
