"""The step of the guided tour of reception in which somebody is found."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.name_search.models import Search, Way


def _looked(user: User, since: datetime) -> bool:
    asked = Search.objects.filter(searcher=user.pk, at__gte=since, way=Way.SEARCH)
    return asked.filter(found__gt=0).exists()


STEPS = (
    TourStep(
        Desk.RECEPTION,
        "find",
        _("Find a person"),
        _(
            "Look for a person you registered: type a name written in Arabic in Latin "
            "letters, or the code. Each search is recorded, so search only for your work."
        ),
        "finding:find",
        (),
        _looked,
        place=30,
    ),
)
