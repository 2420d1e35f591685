"""Which field of the register each question fills, and whether this step may ask it.

A sheet says it in the column ``marfa::field`` (``registry.PersonName.text``), or the question has
the name of a field of the Human Trafficking Case Data Standard. What maps to nothing and looks as
if it told who somebody is must be declared in ``marfa::tier``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.apps import apps

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.xforms import FormModel, Question, QuestionKind
from marfa.methods.xforms.convert import Converted
from marfa.safeguards.fields.register import field_declaration
from marfa.safeguards.words import Purpose, Tier

ORDER = list(Tier)
FREE = frozenset(
    {QuestionKind.TEXT, QuestionKind.DATE, QuestionKind.MOMENT, QuestionKind.GEOPOINT}
    | {kind for kind in QuestionKind if kind.is_upload}
)
"""Kinds into which anything about a person can be put."""
TELLING = re.compile(
    r"(^|_)(name|surname|phone|tel|mobile|e?mail|address|street|birth|dob|passport|document|"
    r"id|idno|number|photo|picture|gps|location|father|mother|husband|wife|relative|nationality|"
    r"citizenship|religion|ethnicity|tribe|clan)(_|$)",
    re.IGNORECASE,
)
DECLARED = (Tier.CODED, Tier.PERSONAL, Tier.SENSITIVE)
STEPS = {
    Tier.CODED: frozenset(Purpose),
    Tier.PERSONAL: frozenset(
        {
            *(Purpose.REGISTRATION, Purpose.SCREENING, Purpose.ASSISTANCE),
            *(Purpose.CHILD_PROTECTION, Purpose.TRACING, Purpose.EVIDENCE),
        }
    ),
    Tier.SENSITIVE: frozenset(
        {Purpose.SCREENING, Purpose.ASSISTANCE, Purpose.CHILD_PROTECTION, Purpose.EVIDENCE}
    ),
}
"""For which steps a declared question may be asked: those of the charter (``purpose.tier``)."""


@dataclass(frozen=True)
class Known:
    """What a question fills. field: of the register, or a name of the standard; may be empty."""

    field: str
    tier: Tier
    purposes: frozenset[Purpose]


def map_questions(
    model: FormModel, converted: Converted, purpose: Purpose, file: str
) -> dict[str, dict[str, str]]:
    """Path of each question -> ``field`` and ``tier``.

    Raises InputError with every question that this step may not ask, or that nobody declared.
    """
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for question in model.questions():
        if question.kind in (QuestionKind.NOTE, QuestionKind.ACKNOWLEDGE):
            continue
        path = question.spot.path
        try:
            known = _known(question, converted.notes.get(path, {}), purpose)
        except _FaultError as fault:
            row = converted.rows.get(path)
            place = Place(file=file, row=row, column=fault.column, field=path)
            problems.append(Problem(fault.message, place))
        else:
            found[path] = {"field": known.field, "tier": known.tier.value}
    if problems:
        raise InputError(*problems)
    return found


class _FaultError(Exception):
    def __init__(self, key: str, column: str, **params: str) -> None:
        super().__init__(key)
        self.message, self.column = Message(f"apps.forms:{key}", params), f"marfa::{column}"


def _known(question: Question, notes: Mapping[str, str], purpose: Purpose) -> Known:
    name = question.spot.name
    if "field" in notes:
        known = _of_register(notes["field"])
    elif "tier" in notes:
        known = _declared(notes["tier"])
    elif name_key(name) in standard_fields():
        known = standard_fields()[name_key(name)]
    elif question.kind in FREE or TELLING.search(name):
        raise _FaultError("undeclared", "field", name=name)
    else:
        known = Known("", Tier.CODED, STEPS[Tier.CODED])
    if purpose not in known.purposes:
        what = known.field or known.tier.value
        column = "tier" if "field" not in notes and "tier" in notes else "field"
        raise _FaultError("not-for-step", column, name=name, field=what, step=purpose.value)
    return known


def _of_register(text: str) -> Known:
    """A field of the register, ``registry.PersonName.text``."""
    app, _dot, rest = text.partition(".")
    model, _dot, field = rest.partition(".")
    try:
        declared = field_declaration(apps.get_model(app, model), field)
    except (LookupError, ValueError):
        raise _FaultError("field-unknown", "field", field=text) from None
    if declared.tier in (Tier.SYSTEM, Tier.STAFF, Tier.SEALED):
        raise _FaultError("field-not-asked", "field", field=text, tier=declared.tier.value)
    return Known(text, declared.tier, frozenset(declared.purposes))


def _declared(text: str) -> Known:
    if text not in [tier.value for tier in DECLARED]:
        known = ", ".join(tier.value for tier in DECLARED)
        raise _FaultError("tier-unknown", "tier", tier=text, known=known)
    return Known("", Tier(text), STEPS[Tier(text)])


def name_key(name: str) -> str:
    """A name as it is compared: forms write ``prs_First_Name`` for ``prs_FirstName``."""
    return name.replace("_", "").lower()


@lru_cache(maxsize=1)
def standard_fields() -> dict[str, Known]:
    """The fields of the standard, by their name as it is compared."""
    text = files("marfa.apps.forms").joinpath("standard_fields.toml").read_text(encoding="utf-8")
    return dict(_standard(tomllib.loads(text)))


def _standard(objects: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, Known]]:
    for prefix, said in objects.items():
        purposes = frozenset(Purpose(word) for word in _words(said["purposes"]))
        sensitive = set(_words(said.get("sensitive", ())))
        for name in _words(said["names"]):
            tier = Tier.SENSITIVE if name in sensitive else Tier(str(said["tier"]))
            yield name_key(prefix + name), Known(f"HTCDS {prefix}_{name}", tier, purposes)


def _words(given: object) -> list[str]:
    return [str(word) for word in given] if isinstance(given, (list, tuple)) else []


def highest_tier(asks: Mapping[str, Mapping[str, str]]) -> Tier:
    """The most harmful tier among questions."""
    return max((Tier(one["tier"]) for one in asks.values()), key=ORDER.index, default=Tier.SYSTEM)
