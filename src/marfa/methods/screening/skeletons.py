"""The beginning of a new instrument, of a translation, of an authorisation: files to fill in."""

from __future__ import annotations

from marfa.domain.message import InputError, Message
from marfa.methods.screening.instrument import Form, Instrument
from marfa.methods.screening.library import Library
from marfa.methods.screening.schema import NAME
from marfa.methods.screening.text_packs import LANGUAGE
from marfa.methods.screening.use import ACCEPTS, SECOND_ACCEPTS

_INSTRUMENT = """\
# A checklist: it gives reasons for a trained person's judgement, and no outcome.
schema = 1
name = "{name}"
version = "1"
rule = "checklist"
population = "any"        # adult, child, any
setting = "reception"     # reception, assessment; reception asks nothing on sex, offences, arms
texts = ["{name}"]
notes = ["not-validated"]

# about: conduct (what others did), situation, or person (then name the attribute).
# Nationality, religion and ethnicity of the person are refused.
# asks_for: what the question asks for, a code of the list asked_facts.
# A list of your own has no signal "now", and stays off until two people have signed for it:
# marfa instruments new {name} --authorisation --library HERE --folder HERE
items = [
  {{ id = "example", asks_for = "help", dimension = "signs", form = "question", \
about = "situation", source = "own" }},
]

[[sources]]
id = "own"
citation = "Name the source, with year and page"
licence = "Name the licence"
checked = "our-synthesis"
"""

_TEXTS = """\
schema = 1
set = "{name}"
language = "en"
status = "draft"          # reviewed, with by = "..." and date = 2026-01-31, per text or for all

[texts]
title = "Title of the list"
"dimension.signs" = "Signs"
"source.own" = "What a reader must know about the source"
example = "Is there something that you would like us to know?"
"""


def instrument(name: str) -> dict[str, str]:
    """Files of a new checklist, by path. Raises InputError for a name that is none."""
    if not NAME.match(name):
        raise InputError.at(Message("methods.screening:bad-name", {"value": name}))
    return {
        f"{name}.toml": _INSTRUMENT.format(name=name),
        f"texts/{name}.en.toml": _TEXTS.format(name=name),
    }


def translation(library: Library, source: Instrument, language: str) -> dict[str, str]:
    """Text files of an instrument for a further language, each line waiting.

    Raises InputError for a code that is none.
    """
    if not LANGUAGE.match(language):
        raise InputError.at(Message("methods.screening:bad-language", {"value": language}))
    files = {}
    for pack in library.packs(source, "en"):
        questions = {key for key, item in source.questions.items() if item.form is Form.QUESTION}
        lines = [
            "schema = 1",
            f'set = "{pack.set}"',
            f'language = "{language}"',
            "gendered = false        # true: every question needs feminine and masculine",
            'status = "draft"',
            "",
            "# Take the sign # away from a line once its text is there.",
            "[texts]",
        ]
        for key, text in pack.texts.items():
            name = key if "." not in key else f'"{key}"'
            forms = '{ text = "", audio = "" }' if key in questions else '""'
            lines += [f"# {text.words()}", f"# {name} = {forms}"]
        files[f"texts/{pack.set}.{language}.toml"] = "\n".join(lines) + "\n"
    return files


def authorisation(source: Instrument, *, own_words: bool = False) -> dict[str, str]:
    """An authorisation for exactly this content, without signature or days: of two people where the
    list is one's own, or words of it are."""
    twice = source.own or own_words
    text = f"""\
# By filling this in, the organisation takes responsibility for live use.
schema = 1
organisation = ""
instrument = "{source.name}"
version = "{source.version}"
digest = "{source.digest}"
signed_by = ""
role = ""
# signed_on = 2026-01-31
# valid_until = 2026-12-31
accepts = "{ACCEPTS}"
"""
    if twice:
        text += f"""\
# A list or words of one's own: somebody else reads them too and signs here.
second_signed_by = ""
second_role = ""
second_accepts = "{SECOND_ACCEPTS}"
"""
    return {f"{source.name}.authorisation.toml": text}
