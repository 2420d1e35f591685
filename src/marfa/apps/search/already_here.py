"""Who may be here already under a name that is about to be registered: by the search, with its
steps, limit, log and silence."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.access import actor_in
from marfa.apps.manifest import Remark
from marfa.apps.registry.already_here import AlreadyHere, Typed
from marfa.apps.registry.lookups import TooManySearchesError
from marfa.apps.search.person_search import find_likely
from marfa.apps.search.results import Line, lines_of, remarks_of, too_fast
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError

MOST = 5
"""Of one name, the most likely are shown: the page stands between an officer and a person."""


def look_for_people(request: HttpRequest, typed: Sequence[Typed]) -> AlreadyHere:
    """Who may be meant, by the rows of the form. A search that cannot be made keeps nobody from
    being registered: it is said that it was not made."""
    actor = actor_in(request)
    groups: dict[str, dict[str, Line]] = {}
    remarks: dict[str, Remark] = {}
    for who, name in dict.fromkeys(typed):
        lines, whole = _looked(actor, name)
        remarks |= {str(each.title): each for each in whole}
        known = groups.setdefault(who, {})
        known |= {line.url: line for line in lines[:MOST] if line.url not in known}
        if whole == [too_fast()]:
            break
    found = [(who, list(lines.values())) for who, lines in groups.items() if lines]
    if not found:
        return AlreadyHere(SafeString(""), whole=not remarks)
    context = {"groups": found, "remarks": [*remarks.values()]}
    made = render_to_string("search/already_here.html", context, request)
    return AlreadyHere(mark_safe(made), whole=not remarks)  # noqa: S308 - a template escapes it


def _looked(actor: Actor, name: str) -> tuple[list[Line], list[Remark]]:
    """Lines for a name, and why it was not looked for, if it was not."""
    try:
        answer = find_likely(actor=actor, name=name)
    except TooManySearchesError:
        return [], [too_fast()]
    except DeniedError:
        return [], []
    return lines_of(answer), [] if answer.more else remarks_of(answer)
