"""What the pages of a detention share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from marfa.apps.access import actor_in, current_user
from marfa.apps.cases.queries import ASKED
from marfa.apps.cases.views.common import code_choices
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.detention.actions import PURPOSE, Told
from marfa.apps.detention.models import Detention
from marfa.apps.detention.policy import READ, detention_of
from marfa.apps.form_view import Context, FormPage
from marfa.apps.registry.visibility import about_seen
from marfa.domain.dates import DayMonthOrder, from_storage, parse_date, show_date
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.vault.access import open_vault


def may(actor: Actor, row: Detention, action: str) -> bool:
    """Whether the charter lets somebody do something about a detention."""
    return decide(actor, action, detention_of(row), ASKED).allowed


def detention_named(
    request: HttpRequest, reference: str, action: str = READ
) -> tuple[Detention, Actor]:
    """A detention, and who asks for it. Raises Http404 where they may not know of the person,
    PermissionDenied where they may know and no more."""
    current_user(request)
    actor = actor_in(request)
    found = Detention.objects.filter(about_seen(actor), reference=reference)
    row = found.select_related("case__site", "person__site").first()
    if row is None:
        raise Http404
    row.case.person = row.person
    if not may(actor, row, action):
        raise PermissionDenied
    return row, actor


@contextmanager
def detention_reading(actor: Actor, row: Detention) -> Iterator[None]:
    """What stands in a detention, readable within it, on the record. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code=READ,
            purpose=PURPOSE,
            resource=detention_of(row),
            subject=row.person_id,
        ),
        open_vault(),
    ):
        yield


def detention_page(
    request: HttpRequest,
    template: str,
    actor: Actor,
    row: Detention,
    context: Callable[[], Context],
) -> FormPage:
    """A page about a detention; it is on the record whenever it is shown."""

    def shown() -> Context:
        return {"row": row, "case": row.case, "person": row.person, **context()}

    return FormPage(
        request,
        f"detention/{template}.html",
        context=shown,
        alike={},
        within=partial(detention_reading, actor, row),
        site=row.case.site,
    )


def told_in(sent: Any) -> Told:
    """What was told of a place, as a form sends it. Raises InputError."""
    texts = ("authority_name", "place", "reason")
    return Told(
        ground=sent.get("ground", ""),
        authority=sent.get("authority", ""),
        began=_began(sent.get("began", "")),
        **{name: sent.get(name, "") for name in texts},
    )


def _began(text: str) -> Any:
    said = latin_digits(without_marks(text)).strip()
    if not said:
        raise InputError.at(Message("apps.detention:since-missing"), field="began")
    try:
        return parse_date(said, order=DayMonthOrder.DAY_FIRST)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="began") from None


def day_in(sent: Any, name: str) -> date | None:
    """One whole day that a form sends. Raises InputError."""
    return day_said(sent.get(name, ""), field=name)


def since_in_words(stored: str) -> str:
    """A partial date as the reader's language says it."""
    return show_date(from_storage(stored), get_language() or "en")


def place_choices() -> Context:
    """What is chosen from where a place is told of."""
    return {
        "grounds": code_choices("detention_grounds"),
        "authorities": code_choices("detention_authorities"),
    }
