"""What the page of a subject shows besides what its own app knows: parts of other apps, what may
be done, and what happened. The same for every kind of subject (``safeguards.subjects``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from marfa.apps.accounts.models import User
from marfa.apps.manifest import links_of, sections_of
from marfa.apps.record_page import RecordSection, section_of
from marfa.safeguards.subjects import kind_named

Label = Promise | str


@dataclass(frozen=True)
class Moment:
    """One thing that happened. by: the name of the colleague, empty where none is told."""

    at: datetime
    by: str
    part: Label
    fields: tuple[Label, ...]


def parts_of(request: HttpRequest, kind: str, subject: Any) -> list[RecordSection]:
    """The sections that this reader may know of; within the reading that the page has put on the
    record."""
    parts = ((each, each.part(request, subject)) for each in sections_of(kind))
    return [
        section_of(each.name, each.label, content) for each, content in parts if content is not None
    ]


def links_for(request: HttpRequest, kind: str, subject: Any) -> list[tuple[Label, str]]:
    """What this reader may do for a subject of which they know the code alone."""
    links = ((each.label, each.address(request, subject)) for each in links_of(kind))
    return [(label, url) for label, url in links if url is not None]


def history_of(kind: str, subject: Any, shown: Collection[Any] = ()) -> list[Moment]:
    """What happened to a subject, newest first, with the names of the colleagues. shown: keys of
    what else of it the page shows this reader."""
    found = kind_named(kind).history(subject, shown)
    keys = {each.by for each in found if each.by is not None}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "display_name"))
    return [
        Moment(each.at, names.get(each.by, "") if each.by else "", each.part, each.fields)
        for each in found
    ]
