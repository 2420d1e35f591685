"""The record of processing activities (GDPR art. 30), made from the field register.

One activity is one purpose; what serves it is read from the declarations of the fields, so that
the record cannot say less than is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Model

from marfa.domain.catalogue import render_message
from marfa.domain.codelists import codelist
from marfa.domain.message import Message
from marfa.safeguards.fields.declarations import FieldDeclaration, ModelDeclaration
from marfa.safeguards.fields.register import everything_declared
from marfa.safeguards.words import Purpose, Tier


@dataclass(frozen=True)
class StoredTable:
    """One table that serves an activity. fields: name, tier, what it is for."""

    table: str
    meaning: str
    retention: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Activity:
    """What art. 30(1) asks of one purpose, in codes."""

    purpose: str
    people: list[str]
    tiers: list[str]
    legal_bases: list[str]
    roles: list[str]
    retention: list[str]
    tables: list[StoredTable]


def processing_activities() -> list[Activity]:
    """Every purpose for which anything about people is stored, in the order of their list."""
    everything = list(everything_declared())
    found = (_activity(purpose, everything) for purpose in Purpose)
    return [activity for activity in found if activity.tables]


def _activity(
    purpose: Purpose, everything: Iterable[tuple[type[Model], ModelDeclaration]]
) -> Activity:
    tables: list[StoredTable] = []
    fields: list[FieldDeclaration] = []
    classes: list[str] = []
    for model, declared in everything:
        about = [f for f in declared.fields.values() if _serves(f, purpose)]
        if about:
            told = [(f.name, f.tier.value, f.meaning) for f in about]
            tables.append(
                StoredTable(model._meta.label, declared.meaning, declared.retention, told)
            )
            fields += about
            classes += (declared.retention, *declared.longer)
    return Activity(
        purpose=purpose.value,
        people=sorted({"staff" if f.tier is Tier.STAFF else "persons" for f in fields}),
        tiers=_in_order(Tier, (f.tier for f in fields)),
        legal_bases=sorted({basis.value for f in fields for basis in f.legal_bases}),
        roles=sorted({role.value for f in fields for role in f.roles}),
        retention=list(dict.fromkeys(classes)),
        tables=tables,
    )


def _serves(field: FieldDeclaration, purpose: Purpose) -> bool:
    return field.tier is not Tier.SYSTEM and purpose in field.purposes


def _in_order(words: type[Tier], found: Iterable[Tier]) -> list[str]:
    there = set(found)
    return [word.value for word in words if word in there]


def as_json(controller: str, activities: list[Activity]) -> dict[str, Any]:
    """The record as plain values."""
    return {"controller": controller, "activities": [asdict(each) for each in activities]}


def as_markdown(controller: str, activities: list[Activity], language: str) -> str:
    """The record as a page. What the declarations say in sentences is in English."""
    return "\n".join(_page(controller, activities, language)) + "\n"


def _page(controller: str, activities: list[Activity], language: str) -> Iterator[str]:
    def say(key: str, **params: object) -> str:
        return render_message(Message(f"apps.privacy:record-{key}", params), language)

    def labels(name: str, codes: Iterable[str]) -> str:
        comma = render_message(Message("domain:list-comma"), language)
        return comma.join(codelist(name).label(code, language) for code in codes) or "-"

    yield from (f"# {say('title')}", "", say("controller", controller=controller), "")
    yield say("elsewhere")
    for each in activities:
        people = render_message(Message("domain:list-comma"), language).join(
            say(f"people-{kind}") for kind in each.people
        )
        yield from ("", f"## {codelist('purposes').label(each.purpose, language)}", "")
        yield f"- {say('people', people=people)}"
        yield f"- {say('tiers', tiers=labels('sensitivity_tiers', each.tiers))}"
        yield f"- {say('bases', bases=labels('legal_bases', each.legal_bases))}"
        yield f"- {say('roles', roles=labels('roles', each.roles))}"
        yield f"- {say('retention', retention=labels('retention_classes', each.retention))}"
        encrypted = [
            t for t in each.tiers if codelist("sensitivity_tiers").entry(t).attributes["encrypted"]
        ]
        yield f"- {say('encrypted' if encrypted else 'not-encrypted')}"
        yield from ("", f"| {say('table')} | {say('field')} | {say('tier')} | {say('meaning')} |")
        yield "| --- | --- | --- | --- |"
        for table in each.tables:
            for name, tier, meaning in table.fields:
                tier_label = codelist("sensitivity_tiers").label(tier, language)
                yield f"| {table.table} | {name} | {tier_label} | {meaning} |"
