"""Who may open the pages of guided tours."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import SIGNED_IN, Url

URLS = {
    "tours:mine": Url(SIGNED_IN),
    "tours:change": Url(Desk.RECEPTION, ("reception",), answer=302, post=True),
}
