"""What stands at the head of the page of a record, whatever it is about, and how its sections are
folded.

The summary is a few facts that nobody who works with the record may overlook. Each app says its
own (``SubjectSummary`` in the manifest) and asks the charter for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from marfa.apps.manifest import summaries_of


@dataclass(frozen=True)
class SummaryFact:
    """One fact of a summary.

    label: what it tells of, "Age". text: what it says. kind: as that of a ``{% status %}``.
    long: in the person's own words, or longer than a few words; on a phone it does not stay in
    sight.
    """

    label: Promise | str
    text: Promise | str
    kind: str = ""
    long: bool = False


@dataclass(frozen=True)
class RecordSection:
    """One section of a record's page. name: in the address of the page. none: where it holds
    nothing yet, what stands in its place while it is folded."""

    name: str
    label: Promise | str
    content: SafeString
    none: Promise | str = ""


class FoldedContent(SafeString):
    """What an app shows of a section that holds nothing yet: what could be begun there."""

    none: Promise | str = ""


def folded(content: SafeString, none: Promise | str) -> FoldedContent:
    """The content of a section that holds nothing yet. none: the line that says so."""
    found = FoldedContent(content)
    found.none = none
    return found


def section_of(name: str, label: Promise | str, content: SafeString) -> RecordSection:
    """A section as an app gave it, folded where it gave ``FoldedContent``."""
    return RecordSection(name, label, content, getattr(content, "none", ""))


def summary_of(request: HttpRequest, kind: str, subject: Any) -> list[SummaryFact]:
    """What this reader may know of at once; within the reading that the page has put on the
    record, with the person's key at hand."""
    told: Iterable[SummaryFact]
    found = []
    for each in summaries_of(kind):
        told = each.facts_for(request, subject)
        found += [fact for fact in told if fact.text]
    return found
