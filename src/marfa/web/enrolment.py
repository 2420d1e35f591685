"""What a phone on the site's network meets: the pages by TLS alone, and without it one page, which
tells how to trust the authority of this installation."""

from __future__ import annotations

import hashlib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from marfa.domain.catalogue import LANGUAGES
from marfa.platform.lan import Enrolment
from marfa.web.headers import STANDING

CERTIFICATE = "/certificate.crt"
Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
STYLE = (
    "body{font:1.1rem/1.6 sans-serif;max-width:38rem;margin:0 auto;padding:1rem}"
    "code{overflow-wrap:anywhere}section+section{border-top:1px solid;margin-top:2rem}"
    "a{display:inline-block;padding-block:.5rem}"
)


def by_tls(application: Application, enrolment: Enrolment, origin: str) -> Application:
    """The pages for whoever comes by TLS, and the page for phones for everybody else.

    origin: where the pages are, by their host name.
    """
    page = _page(enrolment, origin)
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"
    )

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if isinstance(environ["gunicorn.socket"], ssl.SSLSocket):
            environ["wsgi.url_scheme"] = "https"
            return application(environ, start)
        status, more, body = HTTPStatus.OK, {"Content-Type": "text/html; charset=utf-8"}, page
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            status, more, body = HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}, b""
        elif environ["PATH_INFO"] == CERTIFICATE:
            body = enrolment.der
            more = {
                "Content-Type": "application/x-x509-ca-cert",
                "Content-Disposition": 'attachment; filename="local-network.crt"',
            }
        elif environ["PATH_INFO"] != "/":
            status, more, body = HTTPStatus.FOUND, {"Location": "/"}, b""
        headers = {
            **more,
            **STANDING,
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Content-Length": str(len(body)),
        }
        start(f"{status.value} {status.phrase}", list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def _page(enrolment: Enrolment, origin: str) -> bytes:
    """In every language at once: nobody has chosen one yet."""
    values = {
        "lines": enrolment.lines,
        "origin": origin,
        "certificate": CERTIFICATE,
        "style": STYLE,
    }
    parts = []
    for language in LANGUAGES:
        with translation.override(language):
            parts.append(render_to_string("enrolment_part.html", values))
    return render_to_string("enrolment.html", {**values, "parts": parts}).encode()
