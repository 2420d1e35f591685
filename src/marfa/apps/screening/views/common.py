"""What the pages about one talk share: who may open it, and what stands on each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from marfa.apps.access import acting, actor_in, current_user
from marfa.apps.organisations.clocks import render_at
from marfa.apps.problems import sentences, status_of
from marfa.apps.screening.actions.interview import FIELDS
from marfa.apps.screening.models import Screening
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.presentation import language_name
from marfa.apps.screening.queries import purpose_of, screenings
from marfa.domain.message import InputError
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

WHOLE_PAGE = ("conditions", "answers", "ground")
"""Places of what is wrong that are no single field of a page."""
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
State = Screening.State


def talk(request: HttpRequest, reference: str) -> tuple[Screening, Actor]:
    """A talk, and who asks for it. Raises Http404 where they may not know of it."""
    current_user(request)
    actor = actor_in(request)
    found = screenings(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found, actor


@contextmanager
def opened(actor: Actor, screening: Screening) -> Iterator[None]:
    """What was said and seen, readable within it, on the record. Raises PermissionDenied."""
    resource = record_of(screening.person, Screening, FIELDS)
    with (
        acting(),
        reading(
            actor=actor,
            code="records.read",
            purpose=purpose_of(actor),
            resource=resource,
            subject=screening.person_id,
        ),
        open_vault(),
    ):
        yield


def languages_of(screening: Screening, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Languages that may be chosen, each in its own words; that of the talk is one of them."""
    found = sorted({*codes, screening.language})
    return [(code, language_name(code)) for code in found]


def where(screening: Screening) -> str:
    """The address at which a talk goes on."""
    names = {State.PREPARING: "conditions", State.ASKING: "ask"}
    name = names.get(State(screening.state), "one")
    return reverse(f"screening:{name}", args=[screening.reference])


def page(
    request: HttpRequest,
    template: str,
    screening: Screening,
    wrong: InputError | None = None,
    **context: Any,
) -> HttpResponse:
    """A page about a talk, with what is wrong with what was sent."""
    said = sentences(wrong) if wrong else {}
    whole = " ".join(said.pop(name) for name in ("", *WHOLE_PAGE) if name in said)
    values = {"screening": screening, "wrong": {"": whole, **said} if whole else said, **context}
    status = status_of(wrong) if wrong else HTTPStatus.OK
    return render_at(screening.site, request, f"screening/{template}.html", values, status)
