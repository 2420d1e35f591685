"""What is answered: XML, with the headers that the standard asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language

from marfa.apps.forms.models import FormMedia, FormVersion
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError, Message
from marfa.platform import clock

ACCEPTED_BYTES = 10 * 1024 * 1024
"""What clients are told: above it they split what they send, so that a poor link loses little."""

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def add_openrosa_headers(response: HttpResponse) -> HttpResponse:
    """An answer with the headers of every answer of an OpenRosa server."""
    response.headers["X-OpenRosa-Version"] = "1.0"
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTED_BYTES)
    response.headers["Date"] = http_date(clock.now().timestamp())
    return response


def xml_response(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """An XML document."""
    return HttpResponse(HEAD + text, status=status, content_type="text/xml; charset=utf-8")


def message_response(message: Message, status: int) -> HttpResponse:
    """A sentence in the language that was asked for, as an OpenRosaResponse."""
    sentence = render_message(message, get_language() or SOURCE_LANGUAGE)
    return xml_response(
        f'<OpenRosaResponse xmlns="{RESPONSE}"><message>{escape(sentence)}</message>'
        "</OpenRosaResponse>",
        status,
    )


def refusal_response(error: InputError, status: int) -> HttpResponse:
    """What was wrong, as an OpenRosaResponse: its first sentence."""
    return message_response(error.problems[0].message, status)


def form_list(request: HttpRequest, versions: Iterable[FormVersion], verbose: bool) -> HttpResponse:
    """The forms that can be filled in."""
    forms = "".join(_form(request, version, verbose) for version in versions)
    return xml_response(f'<xforms xmlns="{LIST}">{forms}</xforms>')


def _form(request: HttpRequest, version: FormVersion, verbose: bool) -> str:
    name = title_of(version)
    parts = [
        ("formID", version.form.form_id),
        ("name", name),
        ("version", version.version),
        ("hash", f"md5:{version.md5}"),
        *([("descriptionText", name)] if verbose else []),
        ("downloadUrl", _address(request, "openrosa:form", version.reference)),
        *_manifest_address(request, version),
    ]
    return f"<xform>{_elements(parts)}</xform>"


def _manifest_address(request: HttpRequest, version: FormVersion) -> Iterator[tuple[str, str]]:
    if version.media.all():
        yield "manifestUrl", _address(request, "openrosa:manifest", version.reference)


def title_of(version: FormVersion) -> str:
    """The title of a form in the language that was asked for, or else in one that it has."""
    titles: dict[str, str] = version.form.titles
    here = titles.get(get_language() or SOURCE_LANGUAGE)
    return here or next(iter(titles.values()), "") or version.form.form_id


def manifest_response(request: HttpRequest, media: Iterable[FormMedia]) -> HttpResponse:
    """The files that a form shows."""
    files = "".join(
        "<mediaFile>"
        + _elements(
            [
                ("filename", one.filename),
                ("hash", f"md5:{one.md5}"),
                (
                    "downloadUrl",
                    _address(request, "openrosa:media", one.version.reference, one.filename),
                ),
            ]
        )
        + "</mediaFile>"
        for one in media
    )
    return xml_response(f'<manifest xmlns="{MANIFEST}">{files}</manifest>')


def _elements(parts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)


def _address(request: HttpRequest, name: str, *arguments: str) -> str:
    return request.build_absolute_uri(reverse(name, args=arguments))
