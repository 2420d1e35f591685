"""Who may open the pages of proceedings."""

from __future__ import annotations

from tests.web.matrix.rules import FILE, SIGNED_IN, Url, each

URLS = each("proceedings", ("show", "write_act", "review"), Url(SIGNED_IN, FILE, answer=404)) | {
    "proceedings:send": Url(SIGNED_IN, FILE, answer=404)
}
