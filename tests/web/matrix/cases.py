"""Who may open the pages of cases."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ANYBODY, FILE, MANAGERS, SIGNED_IN, SUPERVISORS, Url, each

URLS = {
    **each(
        "cases",
        ("case", "begin", "begun", "review", "responsible", "urgency", "note", "close"),
        Url(SIGNED_IN, FILE, answer=404),
    ),
    **each(
        "cases",
        ("transfer", "answer_transfer"),
        Url(SIGNED_IN, FILE, answer=404),
    ),
    **each("cases", ("plan_contact", "voice"), Url(SIGNED_IN, FILE, answer=404)),
    "cases:contact": Url(SIGNED_IN, (*FILE, *FILE), answer=404),
    **each("cases", ("ask", "assessment"), Url(SIGNED_IN, FILE, answer=404)),
    **each("cases", ("authority", "episode"), Url(SIGNED_IN, (*FILE, *FILE), answer=404)),
    "cases:area": Url(SIGNED_IN, (*FILE, "health"), answer=404),
    "cases:add_episode": Url(SIGNED_IN, FILE, answer=404, post=True),
    "cases:countries": Url(MANAGERS),
    "cases:country": Url(MANAGERS, ("SY",)),
    **each("cases", ("refer", "referral", "prepared"), Url(SIGNED_IN, FILE, answer=404)),
    "cases:once": Url(ANYBODY, ("x" * 43,)),
    "referred:all": Url(Desk.PROTECTION),
    "referred:one": Url(Desk.PROTECTION, FILE, answer=404),
    "caseload:mine": Url(Desk.PROTECTION),
    "caseload:supervision": Url(SUPERVISORS),
    **each("caseload", ("file_out", "file_in"), Url(SUPERVISORS)),
    "caseload:concern": Url(SUPERVISORS, ("late",)),
    "caseload:concern_of": Url(SUPERVISORS, ("late", "nobody")),
}
