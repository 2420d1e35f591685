"""The views of lists that somebody keeps. A view is an address: it holds codes and references
alone, so that it names nobody, and whoever it is passed on to sees what they may."""

from __future__ import annotations

from django.http import HttpRequest

from marfa.apps.access import current_user
from marfa.apps.accounts.actions import forget_list_view, keep_list_view
from marfa.apps.accounts.models import ListView

KEEP, FORGET = "keep", "forget"


def kept_views(request: HttpRequest) -> list[str]:
    """The views that the reader kept of the list at this address, the first kept first."""
    known = getattr(request, "kept_views", None)
    if known is None:
        rows = ListView.objects.filter(user=current_user(request).pk, path=request.path)
        known = list(rows.order_by("kept_at", "pk").values_list("query", flat=True))
        request.kept_views = known  # type: ignore[attr-defined]
    return known


def answer_kept(request: HttpRequest, do: str, query: str) -> None:
    """Keep a view of the list at this address, or forget it. query: as the list writes it, and not
    as it was sent."""
    change = keep_list_view if do == KEEP else forget_list_view
    change(user=current_user(request), path=request.path, query=query)
