"""Headers of static files."""

from __future__ import annotations

from wsgiref.headers import Headers

CROSS_ORIGIN = ("Cross-Origin-Resource-Policy", "same-origin")


def own_origin_only(headers: Headers, path: str, url: str) -> None:
    """No page of another origin may load one of our files, not even to see that it is there."""
    headers.setdefault(*CROSS_ORIGIN)
