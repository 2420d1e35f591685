"""Who may open the pages of complaints."""

from __future__ import annotations

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import FILE, FOCAL_POINTS, Url, each

URLS = {
    **each("complaint", ("make", "what_became"), Url(Desk.RECEPTION)),
    "complaints:all": Url(FOCAL_POINTS),
    "complaints:told": Url(FOCAL_POINTS),
    "complaints:one": Url(Desk.PROTECTION, FILE, answer=404),
}
