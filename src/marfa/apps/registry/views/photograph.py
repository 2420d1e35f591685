"""The photograph of a person: asked for first, drawn anew, and shown on their page alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marfa.apps.problems import sentences
from marfa.apps.registry.actions.photograph import EDGE, set_photo
from marfa.apps.registry.models import Person, PersonName
from marfa.apps.registry.photo_form import LARGEST, PhotoForm
from marfa.apps.registry.reader import IDENTITY, Reader, editing, identity_of, reader_of
from marfa.apps.registry.views.person_rows import METHODS, WRONG
from marfa.domain.message import InputError
from marfa.platform.files.drawings import draw
from marfa.platform.files.memory_uploads import taken_in_memory
from marfa.platform.files.models import StoredFile
from marfa.platform.files.pictures import Preview
from marfa.platform.files.queries import open_file
from marfa.platform.files.responses import inline_drawing
from marfa.safeguards.charter.resources import DeniedError


def photo_for(reader: Reader) -> StoredFile | None:
    """The photograph, where there is one and this reader may see who the person is."""
    if reader.person.photo_id is None or not reader.may(IDENTITY):
        return None
    seen = reader.may_read(Person, "photo") and reader.may_read(PersonName, "text")
    return reader.person.photo if seen else None


def may_picture(reader: Reader) -> bool:
    """Whether this reader may give the person a photograph, or take it away."""
    return reader.may_write(Person, "photo") and reader.may_write(PersonName, "text")


@require_safe
def shown(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The picture itself. Whoever may not see it gets what they get for nobody."""
    reader = reader_of(request, reference)
    file = photo_for(reader)
    if file is None:
        raise Http404
    with identity_of(reader):
        answer = inline_drawing(file, open_file(file))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@taken_in_memory(LARGEST)
@require_http_methods(METHODS)
def photo(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, then take or choose a picture; or take it away."""
    with editing(request, reference) as reader:
        if not may_picture(reader):
            raise PermissionDenied
        if request.method == "POST" and request.POST.get("do") == "remove":
            return _set(request, reader, None)
        form = PhotoForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            picture = _drawn(form)
            if picture is not None:
                try:
                    return _set(request, reader, picture, agreed=form.cleaned_data["agreed"])
                except InputError as error:
                    form.wrong(" ".join(sentences(error).values()))
        context = {
            "form": form,
            "person": reader.person,
            "done": _page_of(reader),
            "there": photo_for(reader) is not None,
        }
        status = WRONG if form.errors else 200
        return render(request, "registry/photo.html", context, status=status)


def _drawn(form: PhotoForm) -> Preview | None:
    """The new drawing; None where it cannot be made, which then stands at its field."""
    try:
        return draw(form.content(), edge=EDGE)
    except InputError as error:
        form.wrong(" ".join(sentences(error).values()))
        return None


def _set(
    request: HttpRequest, reader: Reader, picture: Preview | None, *, agreed: bool = False
) -> HttpResponse:
    try:
        set_photo(
            actor=reader.actor,
            purpose=reader.purpose,
            person=reader.person,
            picture=picture,
            agreed=agreed,
        )
    except DeniedError:
        raise PermissionDenied from None
    done = _("Saved.") if picture else _("The photograph is destroyed.")
    messages.success(request, done)
    return redirect(_page_of(reader))


def _page_of(reader: Reader) -> str:
    return reverse("people:person", args=[reader.person.reference])
