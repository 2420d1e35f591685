"""Where to go on after signing in: pages of this installation, and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def local_path(path: str) -> str:
    """The path if it is one of this origin's, else nothing."""
    good = path.startswith("/") and len(path) <= LONGEST and path.isprintable()
    return path if good and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def asked_for(request: HttpRequest) -> str:
    """The page that a person was on the way to, from the form or the address."""
    return local_path(request.POST.get("next", "") or request.GET.get("next", ""))


def path_after_sign_in(path: str) -> str:
    """Where to lead somebody who has come in."""
    return local_path(path) or reverse("home")
