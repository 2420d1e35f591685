"""The addresses of the installation, and what is known of each without being told: what its
address takes, how it is asked for, and who may open it, where its view says so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getclosurevars, isfunction
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, UUIDConverter

from marfa.apps.access import asked_by
from marfa.apps.manifest import Desk
from tests.web.matrix.rules import ASKED, FILE, FORM, Url

Patterns = list[URLPattern | URLResolver]
READING = "GET"


@dataclass(frozen=True)
class Address:
    """One view that can be reached. takes: the converters of what its address takes."""

    name: str
    view: Callable[..., Any]
    takes: tuple[object, ...] = ()


def addresses(
    patterns: Patterns, namespace: str = "", takes: tuple[object, ...] = ()
) -> Iterator[Address]:
    """All of them below some patterns."""
    for pattern in patterns:
        taken = (*takes, *pattern.pattern.converters.values())
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, taken)
        else:
            yield Address(f"{namespace}{pattern.name}", pattern.callback, taken)


def derived(patterns: Patterns) -> dict[str, Url]:
    """An entry of the matrix for each address whose view says what it asks.

    What its address takes names nothing, so that whoever is let in finds nothing there.
    """
    return {each.name: entry(each) for each in addresses(patterns) if asked_by(each.view)}


def entry(address: Address) -> Url:
    """What is known of an address."""
    args = tuple(part for converter in address.takes for part in example(converter))
    answer = 404 if args else 200
    return Url(rule_of(address.view, args), args, answer, post=not is_read(address.view))


def unsaid(patterns: Patterns, said: dict[str, Url]) -> set[str]:
    """Addresses of which nobody knows who may open them: their view asks nothing, and no entry of
    the matrix says it. And entries to which there is no address."""
    there = {each.name: each.view for each in addresses(patterns)}
    silent = {name for name, view in there.items() if name not in said and not asked_by(view)}
    return silent | (said.keys() - there.keys())


def rule_of(view: Callable[..., Any], args: tuple[str, ...]) -> str | Desk:
    """The desk at which one has to work, or whom the charter lets do what the view asks."""
    asked = asked_by(view)
    if [each.action for each in asked] == ["desks.open"]:
        # The address may name the desk.
        with contextlib.suppress(ValueError):
            return Desk(str(asked[0].resource(*args).id))
    return ASKED


def example(converter: object) -> tuple[str, ...]:
    """Something that an address takes, and that there is not."""
    if isinstance(converter, IntConverter):
        return ("1",)
    return FORM if isinstance(converter, UUIDConverter) else FILE


def is_read(view: Callable[..., Any]) -> bool:
    """Whether a view can be looked at, or only takes what is sent to it."""
    inner: Any = view
    while isfunction(inner):
        methods = getclosurevars(inner).nonlocals.get("request_method_list")
        if methods is not None and READING not in methods:
            return False
        inner = getattr(inner, "__wrapped__", None)
    names = getattr(getattr(view, "view_class", None), "http_method_names", ["get"])
    return "get" in names
