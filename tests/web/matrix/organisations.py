"""Who may open the pages of organisations."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ADMINISTRATORS, FILE, SIGNED_IN, Url, each

URLS = {
    **each(
        "organisations",
        ("sites", "people", "ending", "teams", "exclusions"),
        Url(Desk.ADMINISTRATION),
    ),
    **each("organisations", ("person", "team"), Url(Desk.ADMINISTRATION, FILE, answer=404)),
    **each("organisations", ("add", "add_guest", "add_team"), Url(ADMINISTRATORS)),
    **each(
        "organisations",
        ("grant", "block", "add_site", "end_guest"),
        Url(ADMINISTRATORS, FILE, answer=404),
    ),
    **each(
        "organisations",
        ("link", "unblock", "end_grant", "member", "end_team"),
        Url(ADMINISTRATORS, FILE, answer=405),
    ),
    "own_roles:mine": Url(SIGNED_IN),
    "own_roles:lend": Url(SIGNED_IN, FILE, answer=404),
    "own_roles:end_loan": Url(SIGNED_IN, FILE, answer=405),
}
