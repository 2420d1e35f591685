"""What the pages of sealed notes share: the cookie, and what is shown when something is shut."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.accounts.step_up import to_step_up
from marfa.apps.problems import problem_sentences
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.catalogue import render_message as sentence
from marfa.domain.message import InputError
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.sealed import key_lock
from marfa.safeguards.sealed.errors import LockedError
from marfa.safeguards.sealed.key_lock import Unlocked
from marfa.safeguards.sealed.queries import has_keys

View = Callable[..., HttpResponse]
FORBIDDEN, CONFLICT = 403, 409
STALE_FACTOR = "record.second-factor-fresh"


def unlock_first(view: View) -> View:
    """A view that leads to unlocking or to the second factor where that is what is missing, and
    says in a sentence what else it is."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LockedError:
            return to_unlock(request)
        except DeniedError as error:
            if STALE_FACTOR in error.decision.policies:
                return to_step_up(page_of(request))
            said = sentence(error.decision.message, get_language() or SOURCE_LANGUAGE)
            return _refused(request, [said], FORBIDDEN)
        except InputError as error:
            return _refused(request, list(problem_sentences(error).values()), CONFLICT)

    return shown


def unlocked_in(request: HttpRequest) -> Unlocked:
    """The keys that are unlocked in this browser; raises LockedError."""
    cookie = request.COOKIES.get(settings.SEALED_COOKIE_NAME, "")
    return key_lock.resume_keys(cookie, actor=actor_in(request))


def is_unlocked(request: HttpRequest) -> bool:
    """Whether keys are unlocked in this browser."""
    cookie = request.COOKIES.get(settings.SEALED_COOKIE_NAME, "")
    return key_lock.is_unlocked(cookie, actor=actor_in(request))


def set_unlock_cookie(response: HttpResponse, cookie: str) -> None:
    """Have the browser keep its half until it is closed."""
    response.set_cookie(
        settings.SEALED_COOKIE_NAME, cookie, secure=True, httponly=True, samesite="Strict"
    )


def delete_unlock_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Lock, and have the browser forget its half."""
    key_lock.lock_keys(request.COOKIES.get(settings.SEALED_COOKIE_NAME, ""))
    response.delete_cookie(settings.SEALED_COOKIE_NAME, samesite="Strict")


def to_unlock(request: HttpRequest) -> HttpResponse:
    """To the passphrase, and then back to the page."""
    name = "unlock" if has_keys(actor_in(request).id) else "passphrase"
    return redirect(f"{reverse(f'sealedtier:{name}')}?{urlencode({'next': page_of(request)})}")


def page_of(request: HttpRequest) -> str:
    """The page that a request is for, or from which its form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    from_page = urlsplit(request.headers.get("Referer", ""))
    return from_page.path if from_page.netloc == request.get_host() else ""


def _refused(request: HttpRequest, said: list[str], status: int) -> HttpResponse:
    return render(request, "sealed_records/refused.html", {"said": said}, status=status)
