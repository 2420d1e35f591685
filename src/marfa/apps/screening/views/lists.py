"""Lists of questions: what is used with real people, and what waits for signatures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, require_permission_somewhere
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.screening import instruments
from marfa.apps.screening.actions.signatures import (
    PURPOSE,
    SIGN,
    sign_list,
    take_back_signatures,
    waiting_signature,
)
from marfa.apps.screening.models import ListSignature
from marfa.apps.screening.presentation import text_direction
from marfa.apps.texts.queries import names_of, the_controller
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.languages import own_name
from marfa.domain.message import InputError
from marfa.methods.screening import Instrument
from marfa.methods.screening.text_packs import Text
from marfa.platform import clock

signers_only = require_permission_somewhere(SIGN, lambda _actor: [the_controller()], PURPOSE)


@dataclass(frozen=True)
class Listed:
    """One list. needed: it is used with real people only where two people signed. signed: what
    stands; waiting: what one person signed. languages: in which it can be put to somebody now."""

    instrument: Instrument
    title: str
    needed: bool
    signed: ListSignature | None
    waiting: ListSignature | None
    languages: tuple[str, ...]


@require_safe
@signers_only
def every(request: HttpRequest) -> HttpResponse:
    """All lists, and how each stands."""
    return render(request, "screening/lists.html", {"found": list(_all())})


@form_view
@signers_only
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One list with its questions in every language, to sign for it or to take that back."""
    instrument = _instrument(name)
    actor = actor_in(request)

    def shown() -> dict[str, object]:
        listed = _listed(instrument)
        rows = ListSignature.objects.filter(instrument=name).order_by("-signed_at", "-pk")
        people = [row.signed_by for row in rows] + [row.second_by for row in rows]
        names = names_of([*people, *(row.ended_by for row in rows)])
        return {
            "listed": listed,
            "words": list(_words(instrument)),
            "mine": listed.waiting is not None and listed.waiting.signed_by == actor.id,
            "history": [
                (row, names.get(row.signed_by), names.get(row.second_by or row.signed_by))
                for row in rows
            ],
        }

    def act() -> None:
        match request.POST.get("do"):
            case "sign":
                sign_list(
                    actor=actor,
                    instrument=instrument,
                    seen=request.POST.get("seen", ""),
                    accepted=request.POST.get("accepted") == "on",
                )
            case "stop":
                take_back_signatures(actor=actor, instrument=instrument)
            case _:
                raise SuspiciousOperation

    said = _("Signed.") if request.POST.get("do") == "sign" else _("The list is not used any more.")
    return FormPage(request, "screening/list.html", context=shown).answer(act, said=said)


def _instrument(name: str) -> Instrument:
    try:
        return instruments.instrument_library().instrument(name)
    except InputError:
        # One that is wrong stands among the files that are left out, with its line.
        raise Http404 from None


def _all() -> Iterator[Listed]:
    library = instruments.instrument_library()
    for name in library.names():
        try:
            yield _listed(library.instrument(name))
        except InputError:
            continue


def _listed(instrument: Instrument) -> Listed:
    language = get_language() or SOURCE_LANGUAGE
    texts = instruments.instrument_wording(instrument, language).texts
    today = clock.now().date()
    signed = ListSignature.objects.filter(
        instrument=instrument.name, digest=instrument.digest, ended_at=None, until__gte=today
    )
    return Listed(
        instrument,
        texts["title"].words() if "title" in texts else instrument.name,
        instrument.own or instrument.pilot_only,
        signed.order_by("-until").first(),
        waiting_signature(instrument),
        _languages(instrument),
    )


def _languages(instrument: Instrument) -> tuple[str, ...]:
    library, today = instruments.instrument_library(), clock.now().date()
    return tuple(
        own_name(code)
        for code in library.languages(instrument)
        if settings.DEMONSTRATION or not library.wording(instrument, code).drafts_on(today)
    )


def _words(instrument: Instrument) -> Iterator[tuple[str, str, str, list[Text]]]:
    """Code, own name and direction of each language, with what is asked in it."""
    library = instruments.instrument_library()
    for code in library.languages(instrument):
        texts = library.wording(instrument, code).texts
        asked = [texts[key] for item in instrument.items for key in item.answered_by]
        yield code, own_name(code), text_direction(code), asked
