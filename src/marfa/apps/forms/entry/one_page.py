"""A form on one page, with a program in the browser (``frontend/src/filling``).

What the program sends is what an app on a device would send: the same XML, taken in, sealed and
judged in the same way. Until then it is the same draft as that of the plain pages, so that either
can go on with what the other began.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_pages.values import in_words, posted_version
from marfa.apps.forms.entry.flow import LONGEST_DRAFT, Flow, form_surroundings, save_flow
from marfa.apps.forms.entry.hand_in import address_after, hand_in_flow
from marfa.apps.forms.entry.pages import language_marks, marks_of, message_sentence
from marfa.apps.forms.entry.uploads import drop_file, keep_file
from marfa.apps.forms.form_models import files_named
from marfa.apps.forms.instances import read_told
from marfa.domain.message import InputError, Message
from marfa.methods.xforms import FormModel, QuestionKind, draft_xml, resume
from marfa.methods.xforms.pages import stops
from marfa.methods.xforms.places import find_node
from marfa.platform.revisions.errors import DraftMovedError

NOT_DRAWN = frozenset({QuestionKind.RANK, QuestionKind.RANGE, QuestionKind.GEOPOINT})
"""Kinds of questions that only the plain pages ask."""


def can_be_whole(form: FormModel) -> bool:
    """Whether the program draws every question of a form."""
    return all(question.kind not in NOT_DRAWN for question in form.questions())


class WholePage:
    """One request to the page of one filling-in."""

    def __init__(self, request: HttpRequest, flow: Flow) -> None:
        self.request, self.flow = request, flow
        self.user = current_user(request)

    def answer(self) -> HttpResponse:
        if self.flow.sent:
            return redirect("filling:check", self.flow.key)
        if self.request.method != "POST":
            return self.shown()
        do = {"draft": self.draft, "file": self.file, "later": self.later}
        return do.get(self.request.POST.get("do", ""), self.send)()

    def draft(self) -> HttpResponse:
        """Keep what was typed, as it is."""
        try:
            self.take()
        except DraftMovedError as error:
            return _refused(in_words(error), HTTPStatus.CONFLICT)
        except InputError as error:
            return _refused(
                message_sentence(error.problems[0].message), HTTPStatus.UNPROCESSABLE_ENTITY
            )
        return JsonResponse({"version": self.flow.seen, "said": _("What you typed is kept.")})

    def later(self) -> HttpResponse:
        """The page has kept it already."""
        return redirect("filling:choose")

    def take(self) -> None:
        """Put what the page holds into the draft. Raises InputError, DraftMovedError."""
        posted, flow = self.request.POST, self.flow
        xml, language = posted.get("xml", ""), posted.get("language", "")
        kept = _texts(posted.get("kept", ""))
        if len(xml) + len(str(kept)) > LONGEST_DRAFT:
            raise InputError.at(Message("apps.forms:draft-too-long"))
        actor = actor_in(self.request)
        state = resume(flow.state.form, xml, form_surroundings(actor, flow.language))
        instance = f"/{state.form.root.name}/meta/instanceID"
        there = {
            path: text for path, text in kept.items() if find_node(state.root, path) is not None
        }
        state.put({**there, instance: f"uuid:{flow.key}"})
        flow.state, flow.seen = state, posted_version(posted, "draft_version")
        if language in {each.name for each in state.form.languages}:
            flow.language = language
        gone = set(flow.files) - set(files_named(state.form, state.root))
        held = {name: flow.files.pop(name) for name in gone}
        save_flow(self.user, flow)
        flow.files.update(held)
        for name in gone:
            drop_file(self.user.pk, flow, name)

    def file(self) -> HttpResponse:
        """Take one file in; its name is the answer."""
        upload = self.request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            return _refused(_("No file was received."), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            name, file = keep_file(self.user.pk, self.flow, upload)
        except InputError as error:
            return _refused(
                message_sentence(error.problems[0].message), HTTPStatus.UNPROCESSABLE_ENTITY
            )
        self.flow.files[name] = str(file.pk)
        try:
            save_flow(self.user, self.flow)
        except DraftMovedError as error:
            drop_file(self.user.pk, self.flow, name)
            return _refused(in_words(error), HTTPStatus.CONFLICT)
        return JsonResponse({"name": name, "version": self.flow.seen})

    def send(self) -> HttpResponse:
        """Hand in what the program wrote, byte for byte."""
        xml = self.request.POST.get("xml", "")
        try:
            self.check(xml)
        except InputError as error:
            return self.shown(error)
        try:
            self.flow.sent = xml
            save_flow(self.user, self.flow)
            made = hand_in_flow(user=self.user, actor=actor_in(self.request), flow=self.flow)
        except DraftMovedError as error:
            messages.warning(self.request, in_words(error))
        except InputError as error:
            messages.warning(self.request, message_sentence(error.problems[0].message))
        else:
            return redirect(address_after(made))
        return redirect("filling:check", self.flow.key)

    def check(self, xml: str) -> None:
        """That it is of this form and this filling-in. What it answers is judged once it is in.

        Raises InputError.
        """
        told = read_told(xml.encode())
        version = self.flow.version
        named = (told.form_id, told.version, told.instance)
        if named != (version.form.form_id, version.version, self.flow.key):
            raise InputError.at(Message("apps.forms:not-this-one"))

    def shown(self, error: InputError | None = None) -> HttpResponse:
        flow = self.flow
        context = {
            "flow": flow,
            "form": flow.state.form,
            "first": next((stop.key for stop in stops(flow.state)), "end"),
            "xml": draft_xml(flow.state),
            "marks": language_marks(flow),
            "languages_of_form": [
                (each, marks_of(each.code)) for each in flow.state.form.languages
            ],
            "error": error,
        }
        return render(self.request, "forms/whole.html", context, status=422 if error else 200)


def nothing_here(request: HttpRequest) -> HttpResponse | None:
    """Told to a program whose draft is gone, or of somebody else; pages have their own answer."""
    if not request.headers.get("X-Draft"):
        return None
    said = _("This form is no longer open here. It was sent, or someone else has signed in.")
    return _refused(said, HTTPStatus.CONFLICT)


def _refused(said: str, status: int) -> JsonResponse:
    return JsonResponse({"said": said}, status=status)


def _texts(sent: str) -> Mapping[str, str]:
    """Raises InputError where it is no object of texts."""
    try:
        found = json.loads(sent or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise InputError.at(Message("apps.forms:no-texts"))
    return found
