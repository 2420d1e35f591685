"""Instruments as forms, and the talks that are made of what came back.

A form asks for the conditions first, and nothing else is relevant unless all of them hold: who was
not asked in safety was not asked. Made into a talk, its answers go the way of every talk, with the
same refusals.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from marfa.apps.forms.actions.hand_over import hand_over
from marfa.apps.forms.actions.versions import Examined, add_form, missing_in
from marfa.apps.forms.answers import answered_questions
from marfa.apps.forms.converters import Converter, Plan
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.forms.queries import answers_of
from marfa.apps.forms.sources import AtHand, FormSource
from marfa.apps.organisations.models import Organisation
from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions.answers import keep_answers
from marfa.apps.screening.actions.interview import (
    ask_first,
    finish_screening,
    look_at_conditions,
    open_screening,
)
from marfa.apps.screening.conditions import (
    LABELS,
    MAY_NOT_BE_NEEDED,
    Allowed,
    Condition,
    Met,
    allowed_by_conditions,
    unmet_conditions,
)
from marfa.apps.screening.items_apart import items_apart
from marfa.apps.screening.models import Screening
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError, Message
from marfa.methods.screening import Instrument
from marfa.methods.xforms import Node, parse
from marfa.methods.xforms.convert import convert_sheets
from marfa.methods.xforms.instruments import Sheets, instrument_answers, instrument_sheets
from marfa.methods.xforms.places import bind_places
from marfa.methods.xforms.submission_time import told_time
from marfa.platform import clock
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Tier

LANGUAGES = ("ar", "en")
PREFIX = "condition_"
INTERPRETER = "interpreter_code"
MET = ((Met.YES, _("Yes")), (Met.NO, _("No")), (Met.NOT_NEEDED, _("Not needed here")))
CODE = re.compile(r"\((?P<language>[a-z]{2})(-x-\w+)?\)$")


def form_of(instrument: Instrument) -> Examined:
    """An instrument as a form of this installation, in Arabic and English.

    Raises InputError where it lacks a text in one of them.
    """
    sheets = _sheets(instrument)
    converted = convert_sheets(sheets, f"{instrument.name}.xlsx")
    model = parse(converted.xform, file=instrument.name, rows=converted.rows)
    asks = {
        question.spot.path: {
            "field": _field(question.spot.name),
            "tier": Tier.SENSITIVE.value,
        }
        for question in model.questions()
    }
    digest = hashlib.sha256(converted.xform.encode()).hexdigest()
    return Examined(converted, model, Purpose.SCREENING, asks, missing_in(model), True, digest)


def add_instrument_form(*, actor: Actor, organisation: Organisation, name: str) -> FormVersion:
    """Add an instrument that the desk asks with as a form, not published yet.

    The same instrument with the same words is given back as it is; other words are another
    version. Raises InputError for a list of protection, which no form brings to reception, and in
    live use for drafts and for what nobody signed for; DeniedError.
    """
    if name not in instruments.reception_lists():
        raise InputError.at(Message("apps.screening:list-of-protection"))
    panel = instruments.instrument_panel(name)
    for language in LANGUAGES:
        instruments.panel_use(panel, language)
    instrument = panel.instruments[0]
    titles = {
        language: instruments.instrument_wording(instrument, language).texts["title"].words()
        for language in LANGUAGES
    }
    with together():
        made = add_form(actor=actor, organisation=organisation, examined=form_of(instrument))
        FormDefinition.objects.filter(pk=made.form_id).update(titles=titles)
    return made


def at_hand() -> list[AtHand]:
    """The lists of the first contact, as forms that can be made here or not: a form is filled in
    at reception too."""
    names = instruments.reception_lists()
    return [_at_hand(instruments.instrument_panel(name).instruments[0]) for name in names]


def _at_hand(instrument: Instrument) -> AtHand:
    words = [
        instruments.instrument_library().wording(instrument, language) for language in LANGUAGES
    ]
    today = clock.now().date()
    reviewed = not any(one.missing or one.drafts_on(today) for one in words)
    refusal, version = refusal_of(instrument.name), ""
    try:
        version = _sheets(instrument)["settings"][0]["version"]
    except InputError as error:
        refusal = refusal or error
    title = (
        instruments.instrument_wording(instrument, get_language() or LANGUAGES[-1])
        .texts["title"]
        .words()
    )
    return AtHand(instrument.name, title, version, reviewed, refusal)


def refusal_of(name: str) -> InputError | None:
    """Why an instrument may not be asked with here in each language of a form, or nothing."""
    panel = instruments.instrument_panel(name)
    found = (instruments.panel_refusal(panel, language) for language in LANGUAGES)
    return next((error for error in found if error is not None), None)


def _sheets(instrument: Instrument) -> Sheets:
    """The form as sheets; its version tells of the instrument, and then of its words."""
    sheets = _with_conditions(
        instrument_sheets(instruments.instrument_library(), instrument, LANGUAGES)
    )
    # What is asked apart is in no form: whoever fills one in works at the site.
    asked = [row for row in sheets["survey"] if row["name"] not in items_apart()]
    sheets = {**sheets, "survey": asked}
    said = json.dumps([sheets["survey"], sheets["choices"]], sort_keys=True)
    words = hashlib.sha256(said.encode()).hexdigest()[:8]
    (told,) = sheets["settings"]
    return {**sheets, "settings": [told | {"version": f"{told['version']}-{words}"}]}


def _field(name: str) -> str:
    if name == INTERPRETER:
        return "screening.Screening.interpreter"
    kept = "conditions" if name.startswith(PREFIX) else "stated"
    return f"screening.Screening.{kept}"


def _with_conditions(sheets: Sheets) -> Sheets:
    """The conditions as a first group; every group after it is relevant where all of them hold."""
    survey, choices = sheets["survey"], sheets["choices"]
    labels = [key for key in choices[0] if key.startswith("label::")]
    first = [row for row in survey if row["type"] in ("start", "end")]
    rest = [dict(row) for row in survey if row["type"] not in ("start", "end")]
    hold = " and ".join(_holds(each) for each in Condition)
    for row in rest:
        if row["type"] == "begin_group":
            row["relevant"] = hold
    group = [
        {
            "type": "begin_group",
            "name": "conditions",
            **_in_words(labels, _("Before the first question")),
        },
        *(
            {
                "type": f"select_one {'may' if each in MAY_NOT_BE_NEEDED else 'must'}",
                "name": f"{PREFIX}{each.value}",
                "required": "yes",
                **_in_words(labels, LABELS[each]),
            }
            for each in Condition
        ),
        {
            "type": "text",
            "name": INTERPRETER,
            "required": "yes",
            "relevant": f"${{{PREFIX}{Condition.INTERPRETER.value}}} = 'yes'",
            **_in_words(labels, _("Code of the interpreter")),
        },
        {"type": "end_group", "name": "conditions"},
    ]
    met = [
        {"list_name": name, "name": value.value, **_in_words(labels, label)}
        for name in ("must", "may")
        for value, label in MET
        if name == "may" or value is not Met.NOT_NEEDED
    ]
    return {**sheets, "survey": [*first, *group, *rest], "choices": [*choices, *met]}


def _holds(condition: Condition) -> str:
    asked = f"${{{PREFIX}{condition.value}}}"
    if condition in MAY_NOT_BE_NEEDED:
        return f"({asked} = 'yes' or {asked} = 'not_needed')"
    return f"{asked} = 'yes'"


def _in_words(labels: Iterable[str], text: object) -> dict[str, str]:
    """A text of the pages in each language of a form."""
    found = {}
    for label in labels:
        match = CODE.search(label)
        with override(match["language"] if match else "en"):
            found[label] = str(text)
    return found


def is_instrument_form(version: FormVersion) -> bool:
    """Whether a form is one of the built-in lists: also one that is no form any more, so that
    what was filled in before is not lost."""
    names = [one.name for one in instruments.shipped_lists()]
    return version.form.purpose == Purpose.SCREENING and version.form.form_id in names


def conversion_plan(submission: Submission) -> Plan:
    """What becomes part of a talk; within ``open_vault()``."""
    instrument = instruments.instrument_panel(submission.form.form_id).instruments[0]
    ours = {*instrument.item_ids, INTERPRETER, *(f"{PREFIX}{each.value}" for each in Condition)}
    told = answered_questions(submission)
    return Plan(
        tuple((one.label, one.value) for one in told if one.name in ours),
        tuple((one.label, one.value) for one in told if one.name not in ours),
        _obstacle(submission, instrument, answers_of(submission)),
    )


def _obstacle(submission: Submission, instrument: Instrument, root: Node) -> Message | None:
    # With other words it is the same list of questions: see ``_sheets``.
    same = f"{instrument.version}-{instrument.questions_digest[:8]}-"
    if not f"{submission.version.version}-".startswith(same):
        return Message("apps.screening:instrument-changed")
    told = _conditions(root)
    if allowed_by_conditions(told) is not Allowed.ASK:
        return Message("apps.screening:conditions-missing", {}, count=len(unmet_conditions(told)))
    return None


def _conditions(root: Node) -> dict[str, str]:
    return {
        node.name.removeprefix(PREFIX): node.text.strip()
        for node in root.walk()
        if node.name.startswith(PREFIX) and node.text.strip()
    }


def make_screening(actor: Actor, submission: Submission, person: Person) -> str:
    """Make a talk of what came, or find the one that was made; its address.

    The talk goes the way of every talk: what the desk would refuse is refused here. Its times are
    those at which the form was filled in. Raises InputError, DeniedError.
    """
    made = Screening.objects.filter(submission=submission.pk).first()
    if made is None:
        with together(), open_vault():
            made = _make(actor, submission, person)
    return reverse("screening:one", args=[made.reference])


def _make(actor: Actor, submission: Submission, person: Person) -> Screening:
    panel = instruments.instrument_panel(submission.form.form_id)
    root = answers_of(submission)
    if obstacle := _obstacle(submission, panel.instruments[0], root):
        raise InputError.at(obstacle)
    if person.site is None:
        raise InputError.at(Message("apps.screening:no-site"), field="code")
    language = LANGUAGES[0]
    begun, ended = _filled_in(submission, root)
    use = instruments.panel_use(panel, language)
    row = open_screening(
        actor=actor,
        person=person,
        site=person.site,
        language=language,
        addressee=Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE,
        officer=submission.submitted_by_id,
        submission=submission.pk,
        at=begun,
    )
    code = next((n.text.strip() for n in root.walk() if n.name == INTERPRETER), "")
    told = _conditions(root)
    look_at_conditions(actor=actor, screening=row, base_version=1, told=told, interpreter=code)
    ask_first(actor=actor, screening=row, base_version=2, panel=panel, use=use, at=begun)
    stated = {
        item: each.code for item, each in instrument_answers(panel.instruments[0], root).items()
    }
    keep_answers(actor=actor, screening=row, base_version=3, stated=stated, observed={})
    finish_screening(actor=actor, screening=row, base_version=3, panel=panel, use=use, at=ended)
    hand_over(submission=submission, person=person.pk)
    return row


def _filled_in(submission: Submission, root: Node) -> tuple[datetime, datetime]:
    """From when to when the form was filled in, and never after it came. Where its device cannot
    have had the right time, since the form was not there yet: when it came."""
    model, came = model_of(submission.version), submission.received_at
    list(bind_places(root, model))
    told = told_time(model, root, came)
    published = submission.version.published_at
    if published is not None and told.begin < published:
        return came, came
    begun = min(told.begin, came)
    return begun, min(max(told.end, begun), came)


CONVERTER = Converter("screening", is_instrument_form, conversion_plan, make_screening)
SOURCE = FormSource(
    "screening",
    _("Lists of screening"),
    at_hand,
    lambda actor, organisation, name: add_instrument_form(
        actor=actor, organisation=organisation, name=name
    ),
)
