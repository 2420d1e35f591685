"""A device that its user hands to somebody else: one page is open on it, and nothing else, until
the user shows that they have it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from marfa.apps.accounts.step_up import to_step_up

Handler = Callable[[HttpRequest], HttpResponse]
PAGE, LANGUAGE = "handed_page", "handed_language"


def hand_over(request: HttpRequest, *, language: str) -> None:
    """From now on the page of this request alone is open in its session, in a language."""
    request.session[PAGE] = request.path
    request.session[LANGUAGE] = language
    request.session.cycle_key()


def handed_page(request: HttpRequest) -> str:
    """The one page that is open, where the device was handed over; "" where it was not."""
    session = getattr(request, "session", None)
    return str(session.get(PAGE, "")) if session is not None else ""


def taken_back(request: HttpRequest) -> None:
    """The user has proved that it is they who hold the device."""
    request.session.pop(PAGE, None)
    request.session.pop(LANGUAGE, None)


class OnlyWhatWasHanded:
    """Leads whoever holds a device that was handed over, and asks for another page, to the proof
    with which its user takes it back. Signing out stays open."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        page = handed_page(request)
        if not page or getattr(view, "open_when_handed", False):
            return None
        if request.path != page:
            return to_step_up("")
        translation.activate(request.session[LANGUAGE])
        return None


def open_when_handed(view: Any) -> Any:
    """A view that is open to whoever holds the device: the way back, and the way out."""
    view.open_when_handed = True
    return view
