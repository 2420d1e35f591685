"""Who may open the pages of administration."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ADMINISTRATORS, FILE, OFFICERS, SIGNED_IN, Url, each

URLS = {
    "background:work": Url(Desk.ADMINISTRATION),
    **each("upkeep", ("backups", "phones"), Url(Desk.ADMINISTRATION)),
    **each("log", ("search", "export"), Url(OFFICERS)),
    "privacy:requests": Url(OFFICERS),
    "privacy:request": Url(Desk.ADMINISTRATION, FILE, answer=404),
    "oversight:people": Url(Desk.ADMINISTRATION),
    **each("oversight", ("person", "reset"), Url(Desk.ADMINISTRATION, FILE, answer=404)),
    "oversight:end_sessions": Url(Desk.ADMINISTRATION, FILE, answer=405),
    "oversight:keys": Url(ADMINISTRATORS),
    "incidents:all": Url(Desk.ADMINISTRATION),
    "incidents:one": Url(Desk.ADMINISTRATION, FILE, answer=404),
    "incident:record": Url(SIGNED_IN),
}
