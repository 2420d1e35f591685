"""Who may open the pages of consents."""

from __future__ import annotations

from tests.web.matrix.rules import ADMINISTRATORS, FILE, REGISTERS, SIGNED_IN, Url, each

URLS = {
    "consents:notices": Url(SIGNED_IN),
    **each(
        "consents",
        ("notice", "of", "ask", "answer", "refused", "ground", "share", "summary", "carry"),
        Url(SIGNED_IN, FILE, answer=404),
    ),
    "consents:paper": Url(SIGNED_IN, FILE, answer=302),
    **each("consents", ("withdraw", "withdrawn"), Url(SIGNED_IN, FILE * 2, answer=404)),
    "consents:end_ground": Url(SIGNED_IN, FILE * 2, answer=404, post=True),
    "consents:recipients": Url(REGISTERS),
    "consents:recipient": Url(REGISTERS, FILE, answer=404),
    "consents:add_recipient": Url(ADMINISTRATORS),
    **each(
        "consents",
        ("end_recipient", "end_agreement"),
        Url(ADMINISTRATORS, FILE, answer=404, post=True),
    ),
}
