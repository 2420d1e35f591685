"""Lookups outside the search page: an address, or a code typed into a form.

Of whom the reader may not know there is nothing, whatever there is. It is written down like a
search: by the same statements where there is nobody and where there is a protected person.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.http import Http404

from marfa.apps.name_search.models import Way
from marfa.apps.name_search.search_watch import note_search
from marfa.apps.name_search.searchers import owner_of, site_of
from marfa.apps.registry.hidden_people import hidden_from
from marfa.domain.message import InputError, Message
from marfa.platform.limits.limiter import Limit, spend_attempt
from marfa.safeguards.actor import Actor


def try_code(actor: Actor) -> None:
    """Before a code from a form is looked up: it takes an attempt of those that searches take.
    Raises InputError where none is left, whatever the code."""
    try:
        take_attempt(actor)
    except TooManySearchesError:
        raise InputError.at(Message("apps.registry:find-too-fast"), field="code") from None


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


LIMIT = Limit("people.find", burst=40, interval=timedelta(seconds=3))


class TooManySearchesError(Exception):
    """Somebody searches faster than a person can read."""


def take_attempt(actor: Actor) -> None:
    """One of the attempts that an account has to look for people, in whichever way. Raises
    TooManySearchesError; RuntimeError inside an open transaction."""
    if not spend_attempt(LIMIT, str(actor.id)):
        raise TooManySearchesError
