"""What the pages about one talk share: who may open it, and what stands on each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest
from django.urls import reverse

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_view import Context, FormPage
from marfa.apps.screening.actions.interview import FIELDS
from marfa.apps.screening.models import Screening
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import known_screenings, purpose_of
from marfa.domain.languages import own_name
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

WHOLE_PAGE = ("conditions", "answers", "ground")
"""Places of what is wrong that are no single field of a page."""
State = Screening.State


def screening_and_actor(request: HttpRequest, reference: str) -> tuple[Screening, Actor]:
    """A talk, and who asks for it. Raises Http404 where they may not know of it."""
    current_user(request)
    actor = actor_in(request)
    found = known_screenings(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found, actor


@contextmanager
def screening_reading(actor: Actor, screening: Screening) -> Iterator[None]:
    """What was said and seen, readable within it, on the record. Raises DeniedError."""
    resource = record_of(screening.person, Screening, FIELDS)
    with (
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
    return [(code, own_name(code)) for code in found]


def screening_url(screening: Screening) -> str:
    """The address at which a talk goes on."""
    names = {State.PREPARING: "conditions", State.ASKING: "ask"}
    name = names.get(State(screening.state), "one")
    return reverse(f"screening:{name}", args=[screening.reference])


def screening_page(
    request: HttpRequest,
    template: str,
    screening: Screening,
    context: Callable[[], Context] = dict,
) -> FormPage:
    """A page about a talk."""

    def shown() -> Context:
        return {"screening": screening, **context()}

    places = dict.fromkeys(WHOLE_PAGE, "")
    template = f"screening/{template}.html"
    return FormPage(request, template, context=shown, places=places, site=screening.site)
