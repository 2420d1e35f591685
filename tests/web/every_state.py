"""Every address of the installation, for records in every state, as everybody.

An address is known by its view and by how the records that it names stand: two people who are
present, unprotected and of one site make one address, a protected one makes another. Which records
a view takes is learnt from the links on the pages; each is then asked for of every such record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from marfa.apps.accounts.models import User
from marfa.domain.ids import new_reference
from marfa.platform.rowsecurity.context import every_organisation
from tests.conftest import signed_in

LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
REFERENCE = re.compile(r"^[0-9a-hjkmnp-tv-z]{20}$")
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value|nonce|hx-nonce)="[^"]*"')
VISITOR = "visitor"


@dataclass(frozen=True)
class Record:
    """A row that an address names. state: how it stands; about: key of the person, if any."""

    kind: str
    state: tuple[object, ...]
    about: UUID | None
    row: Any = field(compare=False, hash=False)


def records() -> dict[str, Record]:
    """All rows that have a reference, by it."""
    with every_organisation():
        rows = [row for model in kinds_of_record() for row in model._default_manager.all()]
        return {str(vars(row)["reference"]): record_of(row) for row in rows}


def record_of(row: models.Model) -> Record:
    return Record(row._meta.label, tuple(state_of(row)), about(row), row)


def kinds_of_record() -> list[type[models.Model]]:
    """The tables whose rows have a reference, which addresses name."""
    ours = (each for each in apps.get_models() if each.__module__.startswith("marfa."))
    return [model for model in ours if has_reference(model)]


def codes() -> tuple[set[str], set[str]]:
    """Every code of a column that says how such a row stands or what it is, and those of which
    there is no row."""
    every: set[str] = set()
    there: set[str] = set()
    with every_organisation():
        for model in kinds_of_record():
            for column in model._meta.concrete_fields:
                name = f"{model._meta.label}.{column.name}"
                every |= {f"{name}={code}" for code, _label in column.flatchoices or ()}
                if column.choices:
                    held = model._default_manager.values_list(column.attname, flat=True)
                    there |= {f"{name}={code}" for code in held.distinct()}
    return every, every - there


def has_reference(model: type[models.Model]) -> bool:
    return any(each.name == "reference" for each in model._meta.get_fields())


def state_of(row: models.Model) -> Iterator[object]:
    """What is coded of a row, and of what else whether it is there at all."""
    for each in row._meta.concrete_fields:
        if each.primary_key or each.name in ("organisation", "version"):
            continue
        if each.choices or isinstance(each, models.BooleanField):
            yield getattr(row, each.attname)
        elif each.null:
            yield row.__dict__.get(each.attname) is None


def about(row: Any) -> UUID | None:
    """Whom a row is about."""
    if row._meta.label == "registry.Person":
        return UUID(str(row.pk))
    for name in ("person_id", "subject_id"):
        if isinstance(getattr(row, name, None), UUID):
            return UUID(str(getattr(row, name)))
    return None


Takes = tuple[Mapping[str, str], Mapping[str, str]]
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Answer:
    """What somebody was answered. text: without what is drawn anew for each page."""

    status: int
    text: str
    leads_to: str

    def links(self) -> set[str]:
        return {unescape(each) for each in LINK.findall(self.text)}


class Visitor:
    """Somebody with a browser."""

    def __init__(self, name: str, user: User | None) -> None:
        self.name, self.user = name, user
        self.client = Client() if user is None else signed_in(user)
        self.client.raise_request_exception = False

    def open(self, url: str) -> Answer:
        found = self.client.get(url)
        # A file that is sent in parts has no text to look into.
        body = b"" if found.streaming else found.content
        text = TOKENS.sub("", body.decode(errors="replace"))
        return Answer(found.status_code, text, found.headers.get("Location", ""))

    def send(self, url: str) -> Answer:
        found = self.client.post(url, {"do": "x"})
        text = TOKENS.sub("", b"".join(found).decode(errors="replace"))
        return Answer(found.status_code, text, found.headers.get("Location", ""))


def everybody() -> list[Visitor]:
    """All who may sign in, and somebody who did not."""
    users = User.objects.filter(is_active=True).order_by("username")
    return [Visitor(VISITOR, None), *(Visitor(user.username, user) for user in users)]


def match_of(url: str) -> Any | None:
    """The view of an address and what stands in it; None where there is none."""
    try:
        return resolve(urlsplit(url).path)
    except Resolver404:
        return None


@dataclass
class Crawl:
    """What was found. opened: by who looked, address -> status. failed: answers of 500; dead: links
    that lead nowhere for whom they were shown; told: what somebody may not know and was shown.

    kinds: by the name of a view, the kind of record that each part of its address names, and what
    stands in the others. hidden: by who looks, a pattern of what they may not know.
    """

    known: dict[str, Record]
    kinds: dict[str, Takes] = field(default_factory=dict)
    hidden: dict[str, re.Pattern[str]] = field(default_factory=dict)
    opened: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    failed: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def key(self, url: str) -> tuple[object, ...] | None:
        """One of an address and of all like it."""
        match = match_of(url)
        if match is None:
            return None
        parts: list[object] = [match.view_name]
        for value in match.captured_kwargs.values():
            record = self.known.get(str(value))
            parts.append((record.kind, record.state) if record else str(value))
        query = {each.partition("=")[0] for each in urlsplit(url).query.split("&")}
        return (*parts, frozenset(query))

    def follow(self, visitor: Visitor, start: str = "/") -> None:
        """Everything that the links lead somebody to, one of each."""
        seen: set[object] = set()
        waiting = [(start, "")]
        while waiting:
            url, shown_on = waiting.pop()
            key = self.key(url)
            if key in seen:
                continue
            seen.add(key)
            answer = self.look(visitor, url)
            if answer.status >= 400:
                self.dead.append(f"{visitor.name}: {url} ({answer.status}) from {shown_on}")
            leads = {answer.leads_to} if answer.leads_to else answer.links()
            waiting += [(each, url) for each in sorted(leads) if each.startswith("/")]

    def look(self, visitor: Visitor, url: str) -> Answer:
        """Open an address, and look for what its reader may not know."""
        answer = visitor.open(url)
        self.opened[visitor.name][url] = answer.status
        self.learn(url)
        if answer.status >= 500:
            self.failed.append(f"{visitor.name}: {url} ({answer.status})")
        hidden = self.hidden.get(visitor.name)
        found = hidden.search(alike(answer, url).text) if hidden else None
        if found:
            self.told.append(f"{visitor.name}: {url} tells {found[0]}")
        return answer

    def learn(self, url: str) -> None:
        """Which kinds of records an address takes, by the name of its view."""
        match = match_of(url)
        if match is None:
            return
        told = {name: str(value) for name, value in match.captured_kwargs.items()}
        named = {
            name: self.known[value].kind for name, value in told.items() if value in self.known
        }
        before = self.kinds.get(match.view_name)
        if before is None or len(named) > len(before[0]):
            self.kinds[match.view_name] = (named, told)

    def addresses(self, of: Collection[UUID] | None = None) -> Iterator[str]:
        """Each address for one of each kind of record that it takes. of: for every record about one
        of these people, and for no other."""
        for name, route in sorted(routes().items()):
            if name not in self.kinds:
                continue
            named, example = self.kinds[name]
            for told in self.filled(named, example, of):
                yield "/" + "".join(
                    told[part] if placed else part for placed, part in parts_of(route)
                )

    def filled(
        self, named: Mapping[str, str], example: Mapping[str, str], of: Collection[UUID] | None
    ) -> Iterator[dict[str, str]]:
        if not named:
            if of is None:
                yield dict(example)
            return
        # What is named last belongs to what is named before it.
        *outer, last = list(named)
        for record in self.records_of(named[last], of):
            told = {**example, last: record.row.reference}
            for name in outer:
                owner = owner_of(record.row, named[name], self.known)
                told[name] = owner or told[name]
            yield told

    def records_of(self, kind: str, of: Collection[UUID] | None) -> Iterable[Record]:
        every = [record for record in self.known.values() if record.kind == kind]
        if of is not None:
            return [record for record in every if record.about in of]
        found: dict[tuple[object, ...], Record] = {}
        for record in every:
            found.setdefault(record.state, record)
        return found.values()


def owner_of(row: Any, kind: str, known: Mapping[str, Record]) -> str:
    """The reference of the row of a kind to which another belongs; empty where it names none."""
    for each in row._meta.concrete_fields:
        model = each.related_model
        if isinstance(each, models.ForeignKey) and model._meta.label == kind:
            key = getattr(row, each.attname)
            for reference, record in known.items():
                if record.kind == kind and record.row.pk == key:
                    return reference
    return ""


def routes() -> dict[str, str]:
    """The addresses of the installation, by the name of their view."""
    return dict(_routes(get_resolver().url_patterns))


def parts_of(route: str) -> Iterator[tuple[bool, str]]:
    """The parts of a route; whether one is a place for something."""
    for number, part in enumerate(PART.split(route)):
        yield number % 2 == 1, part


def _routes(
    patterns: list[URLPattern | URLResolver], namespace: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _routes(each.url_patterns, inner, route)
        else:
            yield f"{namespace}{each.name}", route


def takes(kinds: Mapping[str, str], arguments: Mapping[str, Sequence[str]]) -> dict[str, Takes]:
    """What addresses take to which no link leads: kinds has the kind of record for each place that
    names one, in their order; arguments an example for all places of a view."""
    found: dict[str, Takes] = {}
    for name, route in routes().items():
        places = [part for placed, part in parts_of(route) if placed]
        example = dict(zip(places, arguments.get(name, ()), strict=False))
        if places and set(example) != set(places):
            continue
        named = kinds.get(name, "").split()
        found[name] = (
            dict(zip(places[-len(named) :] if named else [], named, strict=True)),
            example,
        )
    return found


def of_nobody(url: str, known: Mapping[str, Record]) -> str:
    """The same address with references that nobody has."""
    return "/".join(new_reference() if part in known else part for part in url.split("/"))


def alike(answer: Answer, url: str) -> Answer:
    """An answer without the references of its own address."""
    text, leads = answer.text, answer.leads_to
    for part in url.split("/"):
        if REFERENCE.match(part):
            text, leads = text.replace(part, "REF"), leads.replace(part, "REF")
    return Answer(answer.status, text, leads)
