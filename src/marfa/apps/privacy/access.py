"""What is told to a person who asks for their data: everything about them, nothing about others.

GDPR art. 15; what is said of other people is left out (art. 15(4)), and so is what an
investigation holds, its existence included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Field, ForeignKey, Model, UUIDField
from django.utils import translation

from marfa.apps import manifest
from marfa.apps.handling_marks import mark_of
from marfa.apps.privacy.action_base import about_subject, over_all_rows
from marfa.domain import handling
from marfa.domain.catalogue import render_message
from marfa.domain.codelists import codelist
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.safeguards import subjects
from marfa.safeguards.actor import Actor
from marfa.safeguards.fields.checks import is_vaulted, stored_columns
from marfa.safeguards.fields.declarations import FieldDeclaration, ModelDeclaration
from marfa.safeguards.fields.footprint import (
    Footprint,
    about_others,
    find_rows,
    footprint_of,
    kept_on_erasure,
    split_keys,
)
from marfa.safeguards.fields.register import everything_declared
from marfa.safeguards.fields.retention_exceptions import Longer, kept_longer
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Tier

INVESTIGATING = frozenset({Purpose.EVIDENCE, Purpose.FINANCIAL_INVESTIGATION, Purpose.SANCTIONS})


@dataclass(frozen=True)
class Section:
    """One table: why it is kept, on what ground, for how long, and the rows about the person.

    rows: label of the field -> value, in the language of the answer.
    """

    title: str
    purposes: list[str]
    legal_bases: list[str]
    retention: str
    rows: list[dict[str, object]]


@dataclass
class AccessReport:
    """All of it. about: of what it tells, where that is no person. left_out: fields that speak of
    other people, or that only two people together open; how many."""

    subject: str
    language: str
    made_at: datetime
    about: str = ""
    sections: list[Section] = field(default_factory=list)
    further: list[dict[str, object]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=lambda: {"others": 0, "sealed": 0})
    mark: str = ""

    def as_json(self) -> dict[str, object]:
        """As plain values."""
        values = {**asdict(self), "made_at": self.made_at.isoformat()}
        return values | {handling.NAME: values.pop("mark")}


@over_all_rows
def answer_access(*, actor: Actor, subject: UUID, language: str) -> AccessReport:
    """What is stored about a person, in a language; the log is told before it is handed out."""
    with (
        about_subject(actor, "privacy.access", subject) as act,
        translation.override(language),
        open_vault(),
    ):
        mark = str(mark_of(actor.id, "copy", Purpose.DATA_PROTECTION.value))
        answer = AccessReport(str(subject), language, clock.now(), mark=mark)
        footprint = footprint_of(subject)
        for model, declared in everything_declared():
            section = _section(model, declared, footprint, answer)
            if section is not None:
                answer.sections.append(section)
        kind = subjects.kind_in(footprint)
        if kind is not None and kind.name != manifest.PERSON:
            answer.about = kind.label
        for told in manifest.disclosed_of(kind.name, subject) if kind else ():
            lines = [str(line) for line in told.lines]
            answer.further.append({"title": str(told.title), "lines": lines})
        act.note(tables=len(answer.sections), left_out=sum(answer.left_out.values()))
    return answer


def _section(
    model: type[Model], declared: ModelDeclaration, footprint: Footprint, answer: AccessReport
) -> Section | None:
    """The rows of one table; None where there is nothing that may be told."""
    shown = [(f, d) for f, d in _declared(model, declared) if _told(d)]
    shared = _with_others(footprint, model, declared)
    rows = [
        told
        for row in _rows(footprint, model, declared, shared)
        if (told := dict(_values(row, shown, footprint, answer, shared=row.pk in shared)))
    ]
    if not rows:
        return None
    fields = [each for _, each in shown]
    return Section(
        title=str(model._meta.verbose_name_plural),
        purposes=_labels("purposes", [p for each in fields for p in each.purposes], answer),
        legal_bases=_labels(
            "legal_bases", [b for each in fields for b in each.legal_bases], answer
        ),
        retention=_retention(model, declared, footprint, answer),
        rows=rows,
    )


def _retention(
    model: type[Model], declared: ModelDeclaration, footprint: Footprint, answer: AccessReport
) -> str:
    """How long these rows are kept, in words; some perhaps longer than others."""
    keys = {*footprint.rows.get(model, ()), *footprint.shared.get(model, ())}
    found = []
    for each in kept_longer(model):
        longer = {row for part in split_keys(keys) for row in _kept(model, each, part)}
        found += [each.retention] if longer else []
        keys -= longer
    codes = [declared.retention, *found] if keys or not found else found
    classes = codelist("retention_classes")
    words = [classes.label(code, answer.language) for code in dict.fromkeys(codes)]
    return render_message(Message("domain:list-comma"), answer.language).join(words)


def _kept(model: type[Model], longer: Longer, keys: list[Any]) -> set[Any]:
    rows = model._base_manager.filter(longer.rows(), pk__in=keys)
    return set(rows.values_list("pk", flat=True))


def _declared(
    model: type[Model], declared: ModelDeclaration
) -> Iterator[tuple[Field[Any, Any], FieldDeclaration]]:
    for column in stored_columns(model):
        if column.name in declared.fields:
            yield column, declared.fields[column.name]


def told_columns(model: type[Model], declared: ModelDeclaration) -> list[str]:
    """What a table holds of people, by the labels of its columns; keys say nothing to anybody."""
    found = (
        str(column.verbose_name)
        for column, each in _declared(model, declared)
        if _told(each) and not _is_key(column) and not each.about_others
    )
    return list(dict.fromkeys(found))


def _told(declared: FieldDeclaration) -> bool:
    """Whether a field is about people, and serves something else than investigating."""
    return declared.tier is not Tier.SYSTEM and not INVESTIGATING.issuperset(declared.purposes)


def _rows(
    footprint: Footprint, model: type[Model], declared: ModelDeclaration, shared: set[Any]
) -> Iterator[Model]:
    """The rows about the person, and what hangs on them; not what hangs on them and is about
    somebody else."""
    found = footprint.rows.get(model, frozenset())
    if kept_on_erasure(declared):
        found = frozenset(find_rows(model, declared.subjects, footprint.keys))
    mine = found - about_others(model, declared, found, footprint.keys)
    for part in split_keys(sorted(mine | shared, key=str)):
        yield from model._base_manager.filter(pk__in=part).order_by("pk")


def _with_others(footprint: Footprint, model: type[Model], declared: ModelDeclaration) -> set[Any]:
    """The rows that name the person and somebody else, such as a relationship: whether they would
    stay with the other or go with this person, both may know of them."""
    named = find_rows(model, declared.subjects, [footprint.subject]) if footprint.subject else set()
    shared = set(footprint.shared.get(model, frozenset()))
    return shared | about_others(model, declared, named, footprint.keys)


def _values(
    row: Model,
    shown: list[tuple[Field[Any, Any], FieldDeclaration]],
    footprint: Footprint,
    answer: AccessReport,
    *,
    shared: bool,
) -> Iterator[tuple[str, object]]:
    several = shared or bool(getattr(row, "vault_record", ""))
    for column, each in shown:
        value = row.__dict__.get(column.attname)
        if value in (None, "", [], {}):
            continue
        if _is_key(column) and value != footprint.subject:
            continue  # a key says nothing to the person, and may name another
        if each.tier is Tier.SEALED:
            answer.left_out["sealed"] += 1
        elif _of_others(each, shared=several and is_vaulted(column)):
            answer.left_out["others"] += 1
        elif not isinstance(value, bytes | memoryview) or is_vaulted(column):
            yield str(column.verbose_name), _plain(getattr(row, column.attname), column)


def _of_others(declared: FieldDeclaration, *, shared: bool) -> bool:
    """Whether a value may speak of people whom the answer is not about."""
    return declared.about_others or shared


def _is_key(column: Field[Any, Any]) -> bool:
    return isinstance(column, ForeignKey | UUIDField)


def _plain(value: object, column: Field[Any, Any]) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    choices = dict(getattr(column, "flatchoices", None) or ())
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    return value if isinstance(value, bool | int | str | list | dict) else str(value)


def _labels(name: str, words: list[Any], answer: AccessReport) -> list[str]:
    listed = codelist(name)
    return [listed.label(word.value, answer.language) for word in dict.fromkeys(words)]
