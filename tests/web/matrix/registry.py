"""Who may open the pages of people."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import COUNTERS, FILE, FINDERS, SIGNED_IN, WATCHERS, Url, each

URLS = {
    **each("reception", ("household", "person"), Url(Desk.RECEPTION)),
    "reception:step": Url(Desk.RECEPTION, ("1",)),
    # With nothing typed it leads to the first question.
    "reception:check": Url(Desk.RECEPTION, answer=302),
    **each("queue", ("site", "board"), Url(Desk.RECEPTION)),
    **each(
        "queue", ("entry", "begin", "end", "offer", "pause"), Url(Desk.RECEPTION, FILE, answer=404)
    ),
    "queue:question": Url(Desk.RECEPTION, (*FILE, "afraid"), answer=404),
    "reasons:entry": Url(SIGNED_IN, FILE, answer=404),
    "reasons:take_away": Url(SIGNED_IN, FILE * 2, answer=404, post=True),
    **each(
        "people",
        (
            "person",
            "change",
            "more",
            "functioning",
            "age",
            "event",
            "birth",
            "photo",
            "picture",
            "protection",
            "exclusions",
            "relate",
            "join",
            "relationship",
            "household",
        ),
        Url(SIGNED_IN, FILE, answer=404),
    ),
    "people:add_row": Url(SIGNED_IN, (*FILE, "names"), answer=404),
    "people:row": Url(SIGNED_IN, ("names", *FILE), answer=404),
    "people:end_row": Url(SIGNED_IN, ("names", *FILE), answer=405),
    **each("people", ("registered", "one_registered"), Url(Desk.RECEPTION, FILE, answer=404)),
    "finding:find": Url(FINDERS),
    "finding:notices": Url(WATCHERS),
    "figures:site": Url(COUNTERS),
}
