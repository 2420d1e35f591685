"""People among the answers of the shell's search."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Remark, SearchHit
from marfa.apps.name_search.searchers import organisation_of
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.lookups import TooManySearchesError
from marfa.apps.search.person_search import find_people
from marfa.apps.search.results import address_of, lines_of, remarks_of, too_fast
from marfa.apps.search.terms import take_apart
from marfa.safeguards.charter.resources import DeniedError


def search_results(user: User, text: str) -> Iterable[SearchHit | Remark]:
    """People of whom this may be a name, a code or a number. Each such search is one like those
    of the page: limited, in the log, and watched."""
    actor = actor_of(user)
    if not take_apart(text) or organisation_of(actor) is None:
        return
    try:
        answer = find_people(actor=actor, text=text)
    except DeniedError:
        return
    except TooManySearchesError:
        yield too_fast()
        return
    yield from remarks_of(answer)
    for hit, line in zip(answer.hits, lines_of(answer), strict=True):
        yield SearchHit(
            title=line.name or line.code,
            url=address_of(hit.reference),
            kind=_("person"),
            note=f"{line.code} · {line.age}" if line.name else line.age,
        )
