"""Results of a search in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.manifest import Remark
from marfa.apps.search.person_search import Hit, SearchResult
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.codes import format_code
from marfa.domain.message import Message

PAGES = ("people:person", "consents:of")
"""Pages about one person, the best first; what an installation does not have is passed over."""


@dataclass(frozen=True)
class Line:
    """One person on the page. reason: why they were found; details: what met what."""

    url: str
    code: str
    name: str
    site: str
    age: str
    sex: str
    present: bool
    reason: Message
    details: tuple[Message, ...]


def lines_of(answer: SearchResult) -> list[Line]:
    """The lines of a page."""
    return [_line(hit) for hit in answer.hits]


def remarks_of(answer: SearchResult) -> list[Remark]:
    """What is said above the lines: that names were not searched, or that there are more."""
    found = []
    if answer.building is not None:
        text = Message("apps.search:find-names-building", {"done": answer.building})
        found.append(Remark(_("Names cannot be searched yet"), text))
    elif answer.names_down:
        text = Message("apps.search:find-names-down")
        found.append(Remark(_("Names cannot be searched now"), text))
    if answer.more:
        found.append(Remark(_("There are more"), Message("apps.search:find-more")))
    return found


def too_fast() -> Remark:
    """What is said to whom the limit stops: nothing was searched."""
    return Remark(_("You are searching very fast"), Message("apps.search:find-wait"))


def address_of(reference: str) -> str:
    """The page about a person; empty where there is none."""
    for name in PAGES:
        try:
            return reverse(name, args=[reference])
        except NoReverseMatch:
            continue
    return ""


def _line(hit: Hit) -> Line:
    language = get_language() or SOURCE_LANGUAGE
    return Line(
        url=address_of(hit.reference),
        code=format_code(hit.code),
        name=hit.name,
        site=hit.site,
        age=codelist("age_bands").label(hit.age_band, language),
        sex=codelist("sex").label(hit.sex, language),
        present=hit.present,
        reason=hit.why[0],
        details=hit.why[1:],
    )
