"""Before a private conversation: what must be so, looked at one by one, and then "may I ask?"."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk, current_user
from marfa.apps.directory.offers import Found
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.manifest import Desk, SiteDuties, no_list_for, site_duties
from marfa.apps.reception.actions.interview import (
    CONDITIONS,
    Setting,
    begin_talk,
    go_on_with_talk,
    open_talk_of,
)
from marfa.apps.reception.actions.queue import State, move_entry, moves_from
from marfa.apps.reception.forms import CONFIRMED, BeginForm
from marfa.apps.reception.models import PrivateConversation, QueueEntry
from marfa.apps.reception.places_to_refer import places_near
from marfa.apps.reception.views.interview import next_of, steps_unseen, where_left
from marfa.apps.reception.views.queue import place_named
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.domain.message import InputError

FIRST = "first-contact"
PEOPLE, TOLD, REPORTING, REFERRAL = "right_people", "told", "reporting", "referral"
MAY_ASK = "may_ask"
ANOTHER = {
    "another_officer": _(
        "Ask a colleague to speak with this person. No one asks why; they keep waiting as before."
    ),
    "another_interpreter": _(
        "Find another interpreter for this person. No one asks why; they keep waiting as before."
    ),
}
CARRIED = ("addressee", "interpreter", "language", "way", "supporter")


@form_view
@at_desk(Desk.RECEPTION)
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """One condition a page; whoever says that one is so comes to the next. The last page asks the
    person, and only then anything begins, also where a talk that was left goes on. To whom no list
    may be put, as a small child, it leads to where it goes on without one."""
    entry = place_named(reference, actor_in(request))
    left = open_talk_of(entry.person)
    refusal = no_list_for(entry.person, actor_in(request)) if left is None else None
    if refusal is not None:
        return redirect(refusal.page)
    form = BeginForm(data_of(request))
    looking = _looking(entry, form, left)

    def act() -> HttpResponse:
        if request.POST.get("do") in ANOTHER:
            return _another(request, entry, ANOTHER[request.POST["do"]])
        if request.POST.get("do") != "begin":
            return page.shown()
        setting = _setting(form, looking)
        if left is not None:
            go_on_with_talk(actor=actor_in(request), talk=left, setting=setting)
            there = where_left(left, current_user(request).pk)
            return steps_unseen(request, left) or redirect(there)
        talk = begin_talk(actor=actor_in(request), entry=entry, setting=setting)
        return redirect(next_of(talk, None))

    def shown() -> dict[str, object]:
        return {"entry": entry, "left": left is not None, **looking.shown()}

    places = dict.fromkeys((*CONDITIONS, "stated", ""), "confirmed")
    page = FormPage(request, "reception/interview_begin.html", form, shown, places)
    return page.answer(act)


@dataclass(frozen=True)
class _Looking:
    """Where somebody stands. typed: what was chosen on the way, carried from page to page."""

    entry: QueueEntry
    form: BeginForm
    confirmed: frozenset[str]
    typed: dict[str, str]
    duties: SiteDuties | None
    places: list[Found]

    @property
    def step(self) -> str:
        if self.form.is_bound and set(self.form.errors) & set(CARRIED):
            return PEOPLE
        return next((name for name in CONDITIONS if name not in self.confirmed), MAY_ASK)

    def shown(self) -> dict[str, object]:
        language, lines = _first_told(Addressee(self.typed["addressee"]))
        return {
            "step": self.step,
            "text": CONFIRMED.get(self.step),
            "number": [*CONDITIONS, MAY_ASK].index(self.step) + 1,
            "count": len(CONDITIONS) + 1,
            "carried": [(name, value) for name, value in self.typed.items() if value],
            "confirmed": [name for name in CONDITIONS if name in self.confirmed],
            "typed": self.typed,
            "people": [self.form[name] for name in CARRIED[1:]],
            "lines": lines,
            "told_language": language,
            "told_direction": "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
            "duties": self.duties,
            "places": self.places,
            "live": not settings.DEMONSTRATION,
        }


def _looking(entry: QueueEntry, form: BeginForm, left: PrivateConversation | None) -> _Looking:
    form.is_valid()
    sent = form.data if form.is_bound else {}
    duties = site_duties(entry.site, get_language() or "en")
    confirmed = frozenset(form.cleaned_data.get("confirmed", ())) if form.is_bound else frozenset()
    if duties is None and not settings.DEMONSTRATION:
        confirmed -= {REPORTING}  # nobody can have said what nobody has entered
    places = places_near(entry.person)
    if not places:
        confirmed -= {REFERRAL}  # nor that a place is open which nobody has called
    typed = {name: str(sent.get(name, "")) for name in CARRIED}
    if typed["addressee"] not in list(Addressee):
        papers = Addressee.MASCULINE if entry.person.sex == "male" else Addressee.FEMININE
        typed["addressee"] = left.addressee if left else papers.value
    return _Looking(entry, form, confirmed, typed, duties, places)


def _setting(form: BeginForm, looking: _Looking) -> Setting:
    asked = form.cleaned_data
    return Setting(
        looking.confirmed,
        asked["language"],
        asked["interpreter"],
        Addressee(looking.typed["addressee"]),
        asked["way"],
        asked["supporter"],
    )


def _first_told(addressee: Addressee) -> tuple[str, list[str]]:
    """What is told before anything is asked, with its language; nothing where live use has only a
    draft."""
    found = load_leaflets(FIRST)
    chosen = found.get((get_language() or "en").split("-")[0]) or found["en"]
    try:
        return chosen.language, chosen.lines(addressee, live=not settings.DEMONSTRATION)
    except InputError:
        return chosen.language, []


def _another(request: HttpRequest, entry: QueueEntry, said: Promise) -> HttpResponse:
    """The person would rather speak with somebody else, or through somebody else: their place
    stays, and nobody asks why."""
    if State.WAITING in moves_from(entry):
        move_entry(actor=actor_in(request), entry=entry, to=State.WAITING)
    messages.success(request, str(said))
    return redirect("queue:site")
