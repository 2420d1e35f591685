"""What somebody looked for without the page of finding: an address, or a code in a form.

Of whom the reader may not know there is nothing, whatever there is. It is written down like a
search: by the same statements where there is nobody and where there is a protected person.
"""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404

from marfa.apps.finding.models import Way
from marfa.apps.finding.watching import note_search
from marfa.apps.people.finding.hidden import hidden_from
from marfa.apps.people.finding.scopes import owner_of, site_of
from marfa.apps.people.finding.searching import TooManySearchesError, take_attempt
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor


def try_code(actor: Actor) -> None:
    """Before a code from a form is looked up: it takes an attempt of those that searches take.
    Raises InputError where none is left, whatever the code."""
    try:
        take_attempt(actor)
    except TooManySearchesError:
        raise InputError.at(Message("apps.people:find-too-fast"), field="code") from None


def nothing_there(actor: Actor, meant: Q) -> Http404:
    """The answer for an address. meant: who stands behind it, of all people."""
    note_missed(actor, meant, Way.ADDRESS)
    return Http404()


def note_missed(actor: Actor, meant: Q, way: Way) -> None:
    """Somebody looked for someone and is told that there is nobody."""
    note_search(
        searcher=actor.id,
        organisation=owner_of(actor).pk,
        site=site_of(actor),
        found=0,
        met=hidden_from(actor, meant),
        way=way,
    )
