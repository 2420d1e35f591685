"""The shell's search finds people too: by what is typed whole, not with every letter."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.queries import actor_of
from marfa.apps.people.finding.scopes import organisation_of
from marfa.apps.people.finding.searching import TooManySearchesError, find_people
from marfa.apps.people.finding.showing import address_of, lines_of
from marfa.apps.registry import Found
from marfa.safeguards.charter.asking import DeniedError

SHORTEST = 4
"""Less than this is the beginning of something that is still being typed."""


def found_by(user: User, text: str) -> Iterable[Found]:
    """People of whom this may be a name, a code or a number. Each such search is one like those
    of the page: limited, in the log, and watched."""
    actor = actor_of(user)
    if len(text.strip()) < SHORTEST or organisation_of(actor) is None:
        return
    try:
        answer = find_people(actor=actor, text=text)
    except (DeniedError, TooManySearchesError):
        return
    for hit, line in zip(answer.hits, lines_of(answer), strict=True):
        yield Found(
            title=line.name or line.code,
            url=address_of(hit.reference),
            kind=_("person"),
            note=f"{line.code} · {line.age}" if line.name else line.age,
        )
