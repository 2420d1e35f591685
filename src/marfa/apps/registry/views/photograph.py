"""The pages of a person's photograph: asked for first, drawn anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.registry.actions.photograph import EDGE, set_photo
from marfa.apps.registry.models import Person, PersonName
from marfa.apps.registry.photo_form import LARGEST, PhotoForm
from marfa.apps.registry.reader import IDENTITY, Reader, identity_of, reader_for_change, reader_of
from marfa.domain.message import InputError
from marfa.platform.files.drawings import draw_picture
from marfa.platform.files.memory_uploads import taken_in_memory
from marfa.platform.files.models import StoredFile
from marfa.platform.files.pictures import Preview
from marfa.platform.files.queries import open_file
from marfa.platform.files.responses import inline_drawing


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
@form_view
def photo(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, then take or choose a picture; or take it away."""
    with reader_for_change(request, reference) as reader:
        if not may_picture(reader):
            raise PermissionDenied
        by: dict[str, Any] = {
            "actor": reader.actor,
            "purpose": reader.purpose,
            "person": reader.person,
        }
        done, person = _page_of(reader), reader.person
        if request.method == "POST" and request.POST.get("do") == "remove":
            set_photo(**by, picture=None, agreed=False)
            messages.success(request, _("The photograph is destroyed."))
            return redirect(done)
        form = PhotoForm(data_of(request), request.FILES or None)

        def keep() -> None:
            set_photo(**by, picture=_drawn(form), agreed=form.cleaned_data["agreed"])

        context = {"person": person, "done": done, "there": photo_for(reader) is not None}
        page = FormPage(request, "registry/photo.html", form, context)
        return page.answer(keep, done=done, said=_("Saved."))


def _drawn(form: PhotoForm) -> Preview:
    """The new drawing. Raises InputError at the field of the picture."""
    try:
        return draw_picture(form.content(), edge=EDGE)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field=form.given() or "taken") from None


def _page_of(reader: Reader) -> str:
    return reverse("people:person", args=[reader.person.reference])
