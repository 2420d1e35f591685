"""Which field of the register each question fills, and whether this step may ask it.

A sheet says it in the column ``marfa::field`` (``registry.PersonName.text``), or the question has
the name of a field of the Human Trafficking Case Data Standard. What maps to nothing and looks as
if it told who somebody is must be declared in ``marfa::tier``, which may also raise the tier of a
field and never lowers it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from django.apps import apps

from marfa.domain.message import Message, Place, Problem
from marfa.domain.prohibited_grounds import ORIGINS, Subject
from marfa.methods.xforms import FormModel, Question, QuestionKind
from marfa.methods.xforms.convert import NOTES, Converted
from marfa.methods.xforms.problems import SURVEY
from marfa.methods.xforms.question_subjects import QuestionSubjects
from marfa.safeguards.fields.register import field_declaration
from marfa.safeguards.words import Purpose, Tier

ORDER = list(Tier)
TELL_EVERY = 50
"""Questions between two looks at whether anybody still wants to know."""
STANDARD = "HTCDS "
SURE = ORIGINS - {Subject.LANGUAGE, Subject.COUNTRY}
"""What nobody is asked as a mere code, whatever a sheet says."""
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
CHOSEN = frozenset({QuestionKind.SELECT_ONE, QuestionKind.SELECT_MANY})
"""Kinds of which the answers are codes that the form offers."""
YES = "yes"
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
    """What a question fills. field: of the register, or a name of the standard; may be empty.
    origin: what of somebody's origin it tells, if any."""

    field: str
    tier: Tier
    purposes: frozenset[Purpose]
    origin: Subject | None = None


@dataclass(frozen=True)
class Mapped:
    """asks: path of each question -> ``field`` and ``tier``, and ``counted`` where it is.
    problems: every question that this step may not ask, or that nobody declared. warnings: tiers
    that a sheet would have lowered."""

    asks: dict[str, dict[str, str]]
    problems: list[Problem]
    warnings: list[Problem]


def map_questions(
    model: FormModel,
    converted: Converted,
    purpose: Purpose,
    file: str,
    tell: Callable[[float], None] = lambda part: None,
) -> Mapped:
    """What each question fills, and how harmful it is: at least as its field is known to be.

    tell: is told now and then which part of the questions, from 0 to 1, was looked at.
    """
    found = Mapped({}, [], [])
    told = QuestionSubjects(model, {})
    questions = list(model.questions())
    for number, question in enumerate(questions):
        if number % TELL_EVERY == 0:
            tell(number / len(questions))
        if question.kind in (QuestionKind.NOTE, QuestionKind.ACKNOWLEDGE):
            continue
        path = question.spot.path
        notes = converted.notes.get(path, {})
        place = Place(file, converted.rows.get(path), None, path, SURVEY)
        try:
            known = _known(question, notes, purpose)
            if not known.field and known.tier is Tier.CODED and told.subjects(question.spot) & SURE:
                known = replace(known, tier=Tier.PERSONAL)
            counted = _is_counted(question, notes, known)
        except _FaultError as fault:
            found.problems.append(Problem(fault.message, replace(place, column=fault.column)))
            continue
        if notes.get("tier", known.tier.value) != known.tier.value:
            params = {"name": question.spot.name, "tier": known.tier.value}
            message = Message("apps.forms:tier-kept", params)
            found.warnings.append(Problem(message, replace(place, column=f"{NOTES}tier")))
        found.asks[path] = {"field": known.field, "tier": known.tier.value}
        if counted:
            found.asks[path]["counted"] = YES
    return found


def origins_of(asks: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[Subject]]:
    """Path of a question -> what of somebody's origin its field tells, where it tells any."""
    known = {path: _field_known(one["field"]) for path, one in asks.items()}
    return {path: frozenset({one.origin}) for path, one in known.items() if one and one.origin}


def _field_known(field: str) -> Known | None:
    if field.startswith(STANDARD):
        return standard_fields().get(name_key(field.removeprefix(STANDARD)))
    try:
        return _of_register(field) if field else None
    except _FaultError:
        return None


class _FaultError(Exception):
    def __init__(self, key: str, column: str, **params: str) -> None:
        super().__init__(key)
        self.message, self.column = Message(f"apps.forms:{key}", params), f"marfa::{column}"


def _known(question: Question, notes: Mapping[str, str], purpose: Purpose) -> Known:
    name = question.spot.name
    declared = _declared(notes["tier"]) if "tier" in notes else None
    if "field" in notes:
        known = _raised(_of_register(notes["field"]), declared)
    elif name_key(name) in standard_fields():
        known = _raised(standard_fields()[name_key(name)], declared)
    elif declared is not None:
        known = declared
    elif question.kind in FREE or TELLING.search(name):
        raise _FaultError("undeclared", "field", name=name)
    else:
        known = Known("", Tier.CODED, STEPS[Tier.CODED])
    if purpose not in known.purposes:
        what = known.field or known.tier.value
        column = "tier" if not known.field and "tier" in notes else "field"
        raise _FaultError("not-for-step", column, name=name, field=what, step=purpose.value)
    return known


def _is_counted(question: Question, notes: Mapping[str, str], known: Known) -> bool:
    """Whether the sheet says in ``marfa::count`` that people are listed and counted by what they
    answered: of coded choices alone, so that no text and nothing personal is ever searched."""
    if "count" not in notes:
        return False
    if notes["count"] != YES:
        raise _FaultError("count-unknown", "count", count=notes["count"])
    if known.tier is not Tier.CODED or question.kind not in CHOSEN:
        raise _FaultError("count-not-coded", "count", name=question.spot.name)
    offered = question.choices.nodes if question.choices else None
    if any(each.repeat for each in question.spot.ancestors) or (offered and "[" in offered.source):
        # Which choices it has depends on other answers: a table could not name its columns.
        raise _FaultError("count-not-fixed", "count", name=question.spot.name)
    return True


def _raised(known: Known, declared: Known | None) -> Known:
    """A field whose tier the sheet may raise and never lower."""
    if declared is None or ORDER.index(declared.tier) <= ORDER.index(known.tier):
        return known
    return replace(known, tier=declared.tier, purposes=known.purposes & declared.purposes)


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
    return Known(text, declared.tier, frozenset(declared.purposes), declared.origin)


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
        told = said.get("origin", {})
        origins = told if isinstance(told, dict) else {}
        for name in _words(said["names"]):
            tier = Tier.SENSITIVE if name in sensitive else Tier(str(said["tier"]))
            origin = Subject(origins[name]) if name in origins else None
            known = Known(f"{STANDARD}{prefix}_{name}", tier, purposes, origin)
            yield name_key(prefix + name), known


def _words(given: object) -> list[str]:
    return [str(word) for word in given] if isinstance(given, (list, tuple)) else []


def highest_tier(asks: Mapping[str, Mapping[str, str]]) -> Tier:
    """The most harmful tier among questions."""
    return max((Tier(one["tier"]) for one in asks.values()), key=ORDER.index, default=Tier.SYSTEM)
