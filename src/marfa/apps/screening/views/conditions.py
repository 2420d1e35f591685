"""Before the first question, and before a talk that was left goes on: what must be so, and what
happens where it is not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in
from marfa.apps.form_view import form_view
from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.manifest import no_list_for
from marfa.apps.reception.places_to_refer import places_near
from marfa.apps.screening import instruments as using
from marfa.apps.screening.actions import (
    ask_first,
    change_language,
    go_on_with_screening,
    look_at_conditions,
    put_off,
    with_directory,
)
from marfa.apps.screening.conditions import (
    LABELS,
    MAY_NOT_BE_NEEDED,
    WHY,
    Allowed,
    Condition,
    Met,
    allowed_by_conditions,
    unmet_conditions,
)
from marfa.apps.screening.models import DUTIES, Screening
from marfa.apps.screening.presentation import age_of, text_direction
from marfa.apps.screening.queries import told_here, was_left
from marfa.apps.screening.views.common import (
    State,
    languages_of,
    screening_and_actor,
    screening_page,
    screening_reading,
    screening_url,
)
from marfa.domain.addressee import Addressee
from marfa.domain.languages import own_name
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor

ANSWERS = ((Met.YES, _("Yes")), (Met.NO, _("No")), (Met.NOT_NEEDED, _("Not needed here")))
FIRST = "first-contact"
SPOKEN = "screening_spoken"
"""Of a request: another language was chosen with it."""


@form_view
def conditions(request: HttpRequest, reference: str) -> HttpResponse:
    """Each condition with why; the first question is put when all of them hold, and so is the next
    one of a talk that was left."""
    screening, actor = screening_and_actor(request, reference)
    if screening.state not in Screening.OPEN:
        return redirect(screening_url(screening))
    again = was_left(screening, actor)
    if screening.state == State.ASKING and not again:
        return redirect(screening_url(screening))
    if request.method != "POST":
        with screening_reading(actor, screening):
            told, code = screening.conditions or {}, screening.interpreter or ""
        # What held for somebody else, or then, is looked at anew.
        return _page(request, screening, {} if again else told, "" if again else code)
    told = {each.value: request.POST.get(each.value, "") for each in Condition}
    told = {name: met for name, met in told.items() if met}
    told = with_directory(told, screening.person)
    code = request.POST.get("interpreter_code", "")
    try:
        answered = _send(request, actor, screening, told, code)
    except InputError as error:
        screening.refresh_from_db()
        return _page(request, screening, told, code, error)
    return answered or _page(request, screening, told, code)


def _send(
    request: HttpRequest, actor: Actor, screening: Screening, told: dict[str, str], code: str
) -> HttpResponse | None:
    """Keep what was looked at, and go on as the officer chose; None to show the page again."""
    act = request.POST.get("do")
    other = _speak(request, actor, screening)
    if screening.state == State.ASKING:
        return None if other else _go_on(actor, screening, told, code)
    ends = act in ("put_off", "declined")
    look_at_conditions(
        actor=actor,
        screening=screening,
        base_version=screening.version,
        told=told,
        interpreter=code,
        ends=ends,
    )
    if ends:
        why = request.POST.get("why", "").strip()
        put_off(actor=actor, screening=screening, declined=act == "declined", why=why)
    elif act == "begin" and allowed_by_conditions(told) is Allowed.ASK and not other:
        name, offered = request.POST.get("instrument", ""), _offered(screening, actor)
        panel = using.instrument_panel(name if name in offered else offered[0])
        use = using.panel_use(panel, screening.language)
        version = screening.version
        ask_first(actor=actor, screening=screening, base_version=version, panel=panel, use=use)
    else:
        return None
    return redirect(screening_url(screening))


def _speak(request: HttpRequest, actor: Actor, screening: Screening) -> bool:
    """Put the questions in another language, where another one was chosen; whether it was. Then
    the page is shown again: what is told first is read out in that language before it begins."""
    language = request.POST.get("put_in", "")
    if language == screening.language or language not in _languages(screening, actor):
        return False
    change_language(actor=actor, screening=screening, language=language)
    vars(request)[SPOKEN] = True
    return True


def _offered(screening: Screening, actor: Actor) -> list[str]:
    return using.offered_instruments(age_of(screening), actor)


def _languages(screening: Screening, actor: Actor) -> list[str]:
    """In which languages a list can be put: one that may be chosen, or the one that was."""
    chosen = screening.instrument
    return using.instrument_languages([chosen] if chosen else _offered(screening, actor))


def _go_on(
    actor: Actor, screening: Screening, told: dict[str, str], code: str
) -> HttpResponse | None:
    if allowed_by_conditions(told) is not Allowed.ASK:
        return None
    version = screening.version
    go_on_with_screening(
        actor=actor, screening=screening, base_version=version, told=told, interpreter=code
    )
    return redirect(screening_url(screening))


def _page(
    request: HttpRequest,
    screening: Screening,
    told: dict[str, str],
    code: str,
    wrong: InputError | None = None,
) -> HttpResponse:
    live, actor = not settings.DEMONSTRATION, actor_in(request)
    instruments = [(name, _title(name, screening)) for name in _offered(screening, actor)]
    first, lines = _first_told(screening, live=live)
    rows = [
        (each.value, LABELS[each], WHY[each], _choices(each), told.get(each.value, ""))
        for each in Condition
    ]
    context = {
        "rows": rows,
        "languages": languages_of(screening, _languages(screening, actor)),
        "no_list": no_list_for(screening.person, actor) if not screening.submission else None,
        "left": screening.state == State.ASKING,
        "interpreter": code,
        "missing": [LABELS[each] for each in unmet_conditions(told)] if told else [],
        "allowed": allowed_by_conditions(told) if told else "",
        "instruments": instruments,
        "chosen": request.POST.get("instrument") or instruments[0][0],
        "why": request.POST.get("why", ""),
        "duties": told_here(screening.site, DUTIES, screening.language, live=live),
        "lines": lines,
        "told_language": first,
        "told_direction": text_direction(first),
        "told_name": own_name(first),
        "spoken_name": own_name(screening.language),
        "changed": vars(request).get(SPOKEN, False),
        "live": live,
        "places": places_near(screening.person),
    }
    return screening_page(request, "conditions", screening, lambda: context).shown(wrong)


def _choices(condition: Condition) -> list[tuple[str, object]]:
    may = condition in MAY_NOT_BE_NEEDED
    return [(met.value, label) for met, label in ANSWERS if may or met is not Met.NOT_NEEDED]


def _title(name: str, screening: Screening) -> str:
    panel = using.instrument_panel(name)
    text = using.instrument_wording(panel.instruments[0], get_language() or "en").texts.get("title")
    title = text.words() if text else name
    if screening.language in using.panel_languages(name):
        return title
    return gettext("%(title)s: not in this language, an interpreter reads from English") % {
        "title": title
    }


def _first_told(screening: Screening, *, live: bool) -> tuple[str, list[str]]:
    """What is told before anything is asked, with its language, which is English where there are
    no words in that of the talk; nothing where live use has only a draft."""
    found = load_leaflets(FIRST)
    chosen = found.get(screening.language) or found["en"]
    try:
        return chosen.language, chosen.lines(Addressee(screening.addressee), live=live)
    except InputError:
        return chosen.language, []
