"""Who may open the pages of reception."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ADMINISTRATORS, FILE, SIGNED_IN, Url

URLS = {
    "leaflets:first_contact": Url(Desk.RECEPTION),
    "sitecards:all": Url(SIGNED_IN),
    "sitecards:edit": Url(ADMINISTRATORS, FILE, answer=404),
}
