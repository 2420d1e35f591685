"""What waits for somebody about a person, for "My work"."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise

from marfa.apps.organisations.models import Site
from marfa.apps.people.models import Person
from marfa.apps.registry import Urgency, WorkItem
from marfa.domain.codes import format_code


def work_about(
    person: Person,
    site: Site,
    text: Promise | str,
    url: str,
    urgency: Urgency,
    *,
    due: datetime | None = None,
    since: datetime | None = None,
    by: date | None = None,
) -> WorkItem:
    """It shows the person's code and the site, so that rows can be told apart: for who finds both
    on the page to which it leads. Times are those of the site."""
    return WorkItem(
        text,
        url,
        urgency,
        due,
        since,
        about=format_code(person.code),
        where=site.name,
        zone=site.time_zone,
        by=by,
    )
