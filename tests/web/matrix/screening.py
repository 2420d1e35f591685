"""Who may open the pages of screening."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ADMINISTRATORS, ASKED, FILE, SIGNED_IN, SUPERVISORS, Url, each

URLS = {
    **each(
        "screening",
        ("one", "lowering", "conditions", "ask", "pause", "end", "stop", "danger", "health"),
        Url(SIGNED_IN, FILE, answer=404),
    ),
    "screening:question": Url(SIGNED_IN, (*FILE, "1"), answer=404),
    "to_screen:queue": Url(Desk.RECEPTION),
    "to_screen:sit_down": Url(Desk.RECEPTION, FILE, answer=404),
    **each(
        "to_screen",
        ("go_on", "in_danger", "health"),
        Url(Desk.RECEPTION, FILE, answer=404, post=True),
    ),
    **each("hand_overs", ("all", "needs"), Url(Desk.PROTECTION)),
    **each("hand_overs", ("take", "assess"), Url(Desk.PROTECTION, FILE, answer=404)),
    **each("screening_board", ("board", "questions", "doors"), Url(SUPERVISORS)),
    "site_words:all": Url(ADMINISTRATORS),
    "lists:all": Url(ASKED),
    "lists:one": Url(ASKED, ("conflict-context",)),
}
