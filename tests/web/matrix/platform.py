"""Who may open the pages of platform."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = {
    "files:uploads": Url(SIGNED_IN, answer=405),
    **each("files", ("upload", "download", "preview"), Url(SIGNED_IN, FILE, answer=404)),
    "files:finish": Url(SIGNED_IN, FILE, answer=404, post=True),
}
