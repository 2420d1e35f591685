"""Instruments of screening as forms: every fact a question, every dimension a group, danger first.

A language whose questions differ by whom they are put to stands in the form twice, so that the
officer chooses how the person is spoken to as one chooses a language; the feminine form bears the
plain code of the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.domain.message import InputError, Message
from marfa.methods.screening import Answer, Instrument, Item, Library, Wording
from marfa.methods.screening.delphi import Signal
from marfa.methods.xforms.convert import Converted, convert_sheets
from marfa.methods.xforms.model import FormModel
from marfa.methods.xforms.parse import parse
from marfa.methods.xforms.tree import Node

ASKED = (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.REFUSED)
"""What can be answered; a question that is left open was not asked."""

Sheets = dict[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language of the form: the words, how the person is spoken to, and its name."""

    wording: Wording
    addressee: Addressee
    name: str


def instrument_sheets(
    library: Library, instrument: Instrument, languages: Sequence[str] = LANGUAGES
) -> Sheets:
    """The instrument as the sheets of an XLSForm.

    languages: of the form, the first is the default.
    Raises InputError where the instrument lacks a text in one of them, and for a list of one's own
    that two people have not signed for.
    """
    library.must_be_usable(instrument)
    tongues = [
        tongue for language in languages for tongue in _tongues(library, instrument, language)
    ]
    survey: list[dict[str, str]] = [
        {"type": "start", "name": "start"},
        {"type": "end", "name": "end"},
        *_questions(instrument, tongues),
    ]
    choices = [
        {
            "list_name": "answer",
            "name": answer.code,
            **{f"label::{tongue.name}": _answer(answer, tongue) for tongue in tongues},
        }
        for answer in ASKED
    ]
    settings = {
        "form_title": tongues[0].wording.texts["title"].words(tongues[0].addressee),
        "form_id": instrument.name,
        "version": f"{instrument.version}-{instrument.questions_digest[:8]}",
        "default_language": tongues[0].name,
    }
    return {"survey": survey, "choices": choices, "settings": [settings]}


def instrument_form(
    library: Library, instrument: Instrument, languages: Sequence[str] = LANGUAGES
) -> tuple[Converted, FormModel]:
    """The instrument as a form; see ``instrument_sheets``."""
    converted = convert_sheets(
        instrument_sheets(library, instrument, languages), f"{instrument.name}.xlsx"
    )
    return converted, parse(converted.xform, file=instrument.name, rows=converted.rows)


def instrument_answers(instrument: Instrument, root: Node) -> dict[str, Answer]:
    """What was answered in a submission to the form of an instrument, by item."""
    codes = {answer.code: answer for answer in ASKED}
    return {
        node.name: codes[node.text.strip()]
        for node in root.walk()
        if node.name in instrument.item_ids and node.text.strip() in codes
    }


def _questions(instrument: Instrument, tongues: list[_Tongue]) -> Iterator[dict[str, str]]:
    for dimension, items in sorted(instrument.by_dimension, key=lambda one: not _of_danger(one[1])):
        yield {
            "type": "begin_group",
            "name": dimension,
            "appearance": "field-list",
            **_labels(tongues, f"dimension.{dimension}"),
        }
        for name in (name for _, item in items for name in item.questions):
            yield {"type": "select_one answer", "name": name, **_labels(tongues, name)}
        yield {"type": "end_group", "name": dimension}


def _of_danger(items: Sequence[tuple[int, Item]]) -> bool:
    """Whether a yes to one of these says that somebody is in danger now: asked before all else."""
    return any(Signal.NOW in item.signals for _, item in items)


def _labels(tongues: list[_Tongue], key: str) -> dict[str, str]:
    return {
        f"label::{tongue.name}": tongue.wording.texts[key].words(tongue.addressee)
        for tongue in tongues
    }


def _tongues(library: Library, instrument: Instrument, language: str) -> Iterator[_Tongue]:
    wording = library.wording(instrument, language)
    if wording.missing or "title" not in wording.texts:
        params = {"name": instrument.name, "language": language}
        raise InputError.at(Message("methods.xforms:instrument-untranslated", params))
    own = Message(f"methods.xforms:tongue-{language}")
    if any(text.has_forms for text in wording.texts.values()):
        for addressee in Addressee:
            name = render_message(Message(f"methods.xforms:tongue-{addressee.value}"), language)
            code = language if addressee is Addressee.FEMININE else f"{language}-x-{addressee}"
            yield _Tongue(wording, addressee, f"{render_message(own, language)} – {name} ({code})")
    else:
        yield _Tongue(wording, Addressee.FEMININE, f"{render_message(own, language)} ({language})")


def _answer(answer: Answer, tongue: _Tongue) -> str:
    return render_message(
        Message(f"methods.xforms:answer-{answer.code}", addressee=tongue.addressee),
        tongue.wording.language,
    )
