"""One page of one filling-in: shown, answered, and the way on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import current_user
from marfa.apps.forms.entry.flow import Flow, save_flow
from marfa.apps.forms.entry.questions import DrawnQuestion, asked_on, read_answers
from marfa.apps.forms.entry.uploads import drop_file, keep_file
from marfa.domain.catalogue import RIGHT_TO_LEFT, SOURCE_LANGUAGE
from marfa.domain.catalogue import render_message as in_words
from marfa.domain.message import InputError, Message
from marfa.methods.xforms.pages import RepeatScreen, Stop, stops


def message_sentence(message: Message) -> str:
    return in_words(message, get_language() or SOURCE_LANGUAGE)


def language_marks(flow: Flow) -> dict[str, str]:
    """``lang`` and ``dir`` of the form's own words."""
    named = {each.name: each.code for each in flow.state.form.languages}
    return marks_of(named.get(flow.language, ""))


def marks_of(code: str) -> dict[str, str]:
    """``lang`` and ``dir`` of a language by its code; what is not known is left to the browser."""
    short = code.partition("-")[0]
    known = short.isalpha() and 2 <= len(short) <= 3
    way = "rtl" if short in RIGHT_TO_LEFT else "ltr"
    return {"lang": code if known else "", "dir": way if known else "auto"}


class Page:
    """stops: all pages as the answers stand; at: the place of this one among them."""

    def __init__(self, request: HttpRequest, flow: Flow, found: list[Stop], at: int) -> None:
        self.request, self.flow, self.at = request, flow, at
        self.stops = found
        self.stop = found[at]
        self.user = current_user(request)
        self.wrong: dict[str, str] = {}

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self.shown()
        if self.flow.sent:
            return redirect("filling:check", self.flow.key)
        if isinstance(self.stop.screen, RepeatScreen):
            return self.repeated()
        return self.answered()

    def answered(self) -> HttpResponse:
        state = self.flow.state
        state.put(read_answers(state, self.stop, self.request.POST))
        self.files()
        save_flow(self.user, self.flow)
        if self.request.POST.get("do") == "later":
            messages.success(self.request, _("What you typed is kept. You can continue later."))
            return redirect("filling:choose")
        asked = asked_on(state, self.stop, self.flow.language)
        for one in asked:
            problem = state.at(one.path).problem
            if problem is not None:
                self.wrong.setdefault(one.head, message_sentence(problem))
        return self.shown(422) if self.wrong else self.on()

    def files(self) -> None:
        """What was uploaded on this page, and what is to be taken away again."""
        state = self.flow.state
        for one in asked_on(state, self.stop, self.flow.language):
            if one.kind != "upload":
                continue
            upload = self.request.FILES.get(one.name)
            if isinstance(upload, UploadedFile):
                self.take(one, upload)
            elif self.request.POST.get(f"{one.name}-drop"):
                drop_file(self.user.pk, self.flow, str(one.value))
                state.set(one.path, "")

    def take(self, one: DrawnQuestion, upload: UploadedFile[Any]) -> None:
        try:
            name, file = keep_file(self.user.pk, self.flow, upload)
        except InputError as error:
            self.wrong[one.name] = message_sentence(error.problems[0].message)
            return
        drop_file(self.user.pk, self.flow, str(one.value))
        self.flow.files[name] = str(file.pk)
        self.flow.state.set(one.path, name)

    def repeated(self) -> HttpResponse:
        """Add an instance and go to its first page, take one away, or go on."""
        do, state = self.request.POST.get("do", ""), self.flow.state
        path = self.stop.repeat_path
        try:
            if do == "add":
                state.add(path)
            elif do.startswith("remove-") and do[7:].isdigit():
                state.remove(f"{path}[{do[7:]}]")
            else:
                return self.on()
        except InputError as error:
            self.wrong[""] = message_sentence(error.problems[0].message)
            return self.shown(422)
        save_flow(self.user, self.flow)
        if do == "add":
            place = f".{len(state.instances(path))}"
            added = [stop for stop in stops(state) if stop.key.endswith(place)]
            within = [stop for stop in added if stop.within.startswith(f"{path}[")]
            if within:
                return redirect("filling:page", self.flow.key, within[0].key)
        return redirect(self.request.path)

    def on(self) -> HttpResponse:
        """The next page as the answers are now; after the last, all answers."""
        now = stops(self.flow.state)
        keys = [stop.key for stop in now]
        if self.stop.key in keys:
            following = now[keys.index(self.stop.key) + 1 :]
        else:
            left = {stop.key for stop in self.stops[: self.at]}
            following = [stop for stop in now if stop.key not in left]
        if not following:
            return redirect("filling:check", self.flow.key)
        return redirect("filling:page", self.flow.key, following[0].key)

    def shown(self, status: int = 200) -> HttpResponse:
        state, language = self.flow.state, self.flow.language
        titles = [
            state.words(title, self.stop.within, language) for title in self.stop.screen.titles
        ]
        context = {
            "flow": self.flow,
            "form": state.form,
            "stop": self.stop,
            "marks": language_marks(self.flow),
            "titles": [title for title in titles if title],
            "number": self.at + 1,
            "of": len(self.stops),
            "back": self.stops[self.at - 1].key if self.at else "",
            "wrong": self.wrong,
        }
        if isinstance(self.stop.screen, RepeatScreen):
            return self.repeat_shown(self.stop.screen, context, status)
        asked = [
            (one, self.wrong.get(one.head, "")) for one in asked_on(state, self.stop, language)
        ]
        told = {one.head: f"{one.label.rstrip(' .:?؟')}: {error}" for one, error in asked if error}
        upload = any(one.kind == "upload" for one, _wrong in asked)
        return render(
            self.request,
            "forms/page.html",
            {**context, "asked": asked, "upload": upload, "told": told},
            status=status,
        )

    def repeat_shown(
        self, screen: RepeatScreen, context: dict[str, object], status: int
    ) -> HttpResponse:
        path, state = self.stop.repeat_path, self.flow.state
        found = state.instances(path)
        places = [(n, self.first_of(instance)) for n, instance in enumerate(found, start=1)]
        more = {"instances": places, "may_add": state.can_add(screen.repeat, path)}
        return render(self.request, "forms/repeat.html", {**context, **more}, status=status)

    def first_of(self, instance: str) -> str:
        """The key of the first page of an instance."""
        return next(
            (
                s.key
                for s in self.stops
                if s.within == instance or s.within.startswith(f"{instance}/")
            ),
            "",
        )
