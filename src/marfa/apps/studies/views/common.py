"""What the pages of one study share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.screening.instruments import instrument_library, instrument_wording
from marfa.apps.studies.models import Study
from marfa.apps.studies.queries import known_studies, may, resource_of
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor

Context = Mapping[str, object]
Step = Callable[[], object]


def study_named(request: HttpRequest, reference: str, action: str = "") -> tuple[Study, Actor]:
    """A study and who asks for it. Raises Http404 where they may not know of it, and
    PermissionDenied where they may not do this with it."""
    actor = actor_in(request)
    study = known_studies(actor).select_related("band").filter(reference=reference).first()
    if study is None:
        raise Http404
    if action and not may(actor, action, resource_of(study)):
        raise PermissionDenied
    return study, actor


def list_title(name: str) -> str:
    """What a list of questions is called, in the reader's language; its key where it is gone."""
    try:
        instrument = instrument_library().instrument(name)
    except InputError:
        return name
    texts = instrument_wording(instrument, get_language() or "en").texts
    return texts["title"].words() if "title" in texts else name


def item_words(name: str) -> list[tuple[str, str]]:
    """The items of a list, in order, with their words in the reader's language."""
    instrument = instrument_library().instrument(name)
    texts = instrument_wording(instrument, get_language() or "en").texts
    return [
        (item.id, texts[item.id].words() if item.id in texts else item.id)
        for item in instrument.items
    ]
