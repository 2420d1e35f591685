"""Coded facts of cases: written by actions, rebuilt from records.

Both come from one function, which follows the revisions of a person's cases from moment to moment;
an action states what it adds, a rebuild states all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from marfa.apps.cases.models import (
    Case,
    CaseFact,
    ExploitationEpisode,
    FormalIdentification,
    Presumption,
)
from marfa.apps.manifest import gather_from_apps
from marfa.apps.organisations.models import Site
from marfa.apps.registry.facts import values_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import protected_people
from marfa.platform import clock
from marfa.platform.facts.actions import coded_values, state_fact, wait_for
from marfa.platform.facts.kinds import FactKind, History, owners_in
from marfa.platform.facts.models import columns_of
from marfa.platform.facts.timeline import Statement
from marfa.platform.revisions.codec import from_json
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import label_of
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.changes import in_clear

SHARED = ("age_band", "is_child_until", "sex", "admin_area")


def _nothing(_rows: Sequence[Mapping[str, Any]]) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Followed:
    """A table about cases whose changes the facts follow.

    fields: those that count. values: columns of the facts, from the rows of one person as they
    were at a moment.
    """

    model: type[Any]
    fields: tuple[str, ...]
    values: Callable[[Sequence[Mapping[str, Any]]], Mapping[str, object]] = _nothing


OWN = (
    Followed(Case, ("state", "urgency", "site_id")),
    Followed(FormalIdentification, ("decision", "withdrawn_at")),
    Followed(ExploitationEpisode, ("forms", "conflict_links")),
)


def followed_models() -> tuple[Followed, ...]:
    """All that is followed, those of the apps above last."""
    return (*OWN, *gather_from_apps("case_facts"))


@dataclass
class _Row:
    """A row as it was at a moment; sealed values are in clear."""

    model: type[Any]
    values: dict[str, Any] = field(default_factory=dict)


def restate_case_facts(person: Person) -> None:
    """State what the records of a person's cases say now and did not say before.

    In the transaction of the action that wrote them; within ``open_vault()``.
    """
    wait_for(CaseFact, person.pk)
    rows = CaseFact.objects.filter(subject=person.pk).order_by("-recorded_at")
    last = rows.values_list("recorded_at", flat=True).first()
    found = _statements(person)
    for said in found:
        if last is None or said.at > last:
            _state(person, said)
    if found and not _stands(person, found[-1]):
        # The clock was ahead when the last was stated, or somebody else stated a later change.
        _state(person, replace(found[-1], valid_from=min(found[-1].valid_from, _today(found[-1]))))


def _state(person: Person, said: Statement) -> None:
    state_fact(
        CaseFact, subject=person.pk, values=said.values, valid_from=said.valid_from, at=said.at
    )


def _stands(person: Person, said: Statement) -> bool:
    """Whether the facts say now what a statement says."""
    present = CaseFact.objects.filter(subject=person.pk, replaced_at=None, valid_until=None)
    rows = present.values(*columns_of(CaseFact))
    return said.values is not None and list(rows) == [coded_values(CaseFact, said.values)]


def _today(said: Statement) -> date:
    """The day where the case is that a statement is about."""
    zones = Site.objects.filter(pk=str((said.values or {}).get("site")))
    return clock.today(zones.values_list("time_zone", flat=True).get())


def case_histories() -> Iterator[History]:
    """Everybody who has or had a case, with all that was stated of them."""
    keys = Case.objects.order_by("person_id").values_list("person_id", flat=True).distinct()
    for key in keys:
        with open_vault():
            yield key, _statements(Person.objects.get(pk=key))


def _statements(person: Person) -> Sequence[Statement]:
    """One for each moment at which something changed; within ``open_vault()``."""
    rows: dict[UUID, _Row] = {}
    sources = followed_models()
    presumed = list(Presumption.objects.filter(person=person).values_list("made_at", flat=True))
    zones: dict[Any, str] = dict(Site.objects.values_list("pk", "time_zone"))
    found: list[Statement] = []
    for order, at, changes in _moments(person, sources, presumed):
        for key, model, name, value in changes:
            rows.setdefault(key, _Row(model)).values[name] = value
        case = _case_in(rows.values())
        if case is None:
            continue
        day = at.astimezone(ZoneInfo(zones.get(case.get("site_id"), "UTC"))).date()
        known = values_of(person, day)
        values = {name: known[name] for name in SHARED}
        values |= _values(case, rows.values(), sources, any(each <= order for each in presumed))
        if not found or found[-1].values != values:
            found.append(Statement(day, at, values))
    return found


Change = tuple[UUID, type[Any], str, Any]
_Written = tuple[UUID, str, object, datetime]
"""Row, field, what it became, when."""
_Place = tuple[datetime, int]
"""The latest moment of the row so far, and how many moments before that one came after it."""


def _moments(
    person: Person, sources: Sequence[Followed], presumed: Iterable[datetime]
) -> Iterator[tuple[datetime, datetime, list[Change]]]:
    """What changed at each moment, in order: when in that order, when by the clock.

    They differ where the clock was set back: a row's later change comes after its earlier one.
    """
    by_moment: dict[_Place, list[tuple[datetime, Change]]] = {(at, 0): [] for at in presumed}
    kept = _kept(person, sources)
    for model, names in ((each.model, each.fields) for each in sources):
        for (key, name, value, at), place in _placed(kept.get(label_of(model), ())):
            if name in names:
                # Most are codes in the open; a row is needed to open what is sealed.
                sealed = isinstance(value, (bytes, memoryview))
                clear = in_clear(model(pk=key, person=person), name, value) if sealed else value
                by_moment.setdefault(place, []).append((at, (key, model, name, clear)))
    for place, changes in sorted(by_moment.items(), key=lambda item: item[0]):
        at = max((at for at, _change in changes), default=place[0])
        yield place[0], at, [change for _at, change in changes]


def _placed(rows: Iterable[_Written]) -> Iterator[tuple[_Written, _Place]]:
    """Each with its place in the order; within a row that of the versions."""
    last: dict[UUID, tuple[_Place, datetime]] = {}
    for written in rows:
        key, at = written[0], written[3]
        (latest, behind), before = last.get(key, ((at, 0), at))
        if at >= latest:
            latest, behind = at, 0
        elif at != before:
            behind += 1
        last[key] = (latest, behind), at
        yield written, (latest, behind)


def _kept(person: Person, sources: Sequence[Followed]) -> Mapping[str, list[_Written]]:
    """What became of which field when, by model, in the order in which it was written."""
    keys: list[UUID] = []
    for each in sources:
        keys += each.model.objects.filter(person=person).values_list("pk", flat=True)
    names = {name for each in sources for name in each.fields}
    rows = Revision.objects.filter(object_id__in=keys, field__in=names)
    rows = rows.exclude(kind=Revision.Kind.SET_ASIDE).order_by("version", "pk")
    found: dict[str, list[_Written]] = {}
    for label, key, name, after, at in rows.values_list(
        "model", "object_id", "field", "after", "at"
    ):
        found.setdefault(label, []).append((key, name, from_json(after), at))
    return found


def _case_in(rows: Iterable[_Row]) -> Mapping[str, Any] | None:
    """The case that is open, else the one that came last."""
    cases = [row.values for row in rows if row.model is Case]
    open_ones = [case for case in cases if case.get("state") == Case.State.OPEN]
    return (open_ones or cases)[-1] if cases else None


def _values(
    case: Mapping[str, Any], rows: Iterable[_Row], sources: Sequence[Followed], presumed: bool
) -> dict[str, object]:
    rows = list(rows)
    episodes = [row.values for row in rows if row.model is ExploitationEpisode]
    found: dict[str, object] = {
        "conflict_link": _together(episodes, "conflict_links"),
        "site": case.get("site_id"),
        "state": case.get("state"),
        "urgency": case.get("urgency"),
        "presumed": presumed,
        "decision": _decision([row.values for row in rows if row.model is FormalIdentification]),
        "exploitation": _together(episodes, "forms"),
        "given": (),
        "lacking": (),
    }
    for each in sources:
        found |= each.values([row.values for row in rows if row.model is each.model])
    return found


def _together(rows: Iterable[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(sorted({code for row in rows for code in row.get(name) or ()}))


def _decision(rows: Sequence[Mapping[str, Any]]) -> str:
    """The last decision; a request that was taken back is none."""
    standing = [row for row in rows if not row.get("withdrawn_at")]
    if not standing:
        return "none"
    decided = [row["decision"] for row in standing if row.get("decision")]
    return decided[-1] if decided else "asked"


CASES = FactKind("cases", CaseFact, case_histories, owners_in(Person), protected_people)
