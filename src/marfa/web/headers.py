"""Headers that every answer carries: pages, files, and what the server says before a page is asked.

They stand here and nowhere else. A view may say something narrower; nothing may leave one out.
"""

from __future__ import annotations

from collections.abc import Callable
from wsgiref.headers import Headers

from django.http import HttpRequest, HttpResponse

NO_PAGE_ASKS_FOR = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What a browser could give a page, place and camera before all: a script that got in gets none.
A picture for a form is chosen as a file, which asks for no camera."""

STANDING = {
    # A file is what its type says, and never guessed to be a script.
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know the policy's frame-ancestors.
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NO_PAGE_ASKS_FOR),
    # No page of another origin may load what is ours, not even to see that it is there.
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": browsers then send "Origin: null" with forms, and the CSRF check fails.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Handler = Callable[[HttpRequest], HttpResponse]


def with_standing_headers(handle: Handler) -> Handler:
    """Outermost, so that it holds for refusals, redirects and failures too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        for name, value in STANDING.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def on_files(headers: Headers, path: str, url: str) -> None:
    """The same for static files, as whitenoise asks for it."""
    for name, value in STANDING.items():
        headers.setdefault(name, value)
