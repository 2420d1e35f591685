"""Which apps an installation has, and in which order: derived from the heads of the manifests.

It is read before Django starts. Nothing else lists the apps.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import marfa.apps
from marfa.apps.manifest import Middleware, Module, Slot, module_in

PACKAGE = "marfa.apps"


@cache
def read_manifests() -> Mapping[str, Module]:
    """The manifests of all apps that there are, by name, in the order of the house."""
    found = [
        module_in(f"{PACKAGE}.{each.name}.module")
        for each in pkgutil.iter_modules(marfa.apps.__path__)
        if each.ispkg
    ]
    return order_manifests(found)


def order_manifests(modules: Iterable[Module]) -> dict[str, Module]:
    """Manifests by name, each after those on which it stands; those beside each other by name.

    Raises ValueError where one stands on an app that there is not, or on itself.
    """
    named = {module.name: module for module in modules}
    for name, module in named.items():
        if unknown := sorted(set(module.stands_on) - named.keys()):
            raise ValueError(f"{name} stands on {', '.join(unknown)}, which is no app")
    sorter = TopologicalSorter({name: module.stands_on for name, module in named.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        raise ValueError(f"apps stand on each other: {', '.join(error.args[1])}") from None
    found: dict[str, Module] = {}
    ready: list[str] = []
    while sorter.is_active():
        # One at a time, so that the name decides among all that could come next.
        ready = sorted({*ready, *sorter.get_ready()})
        name, *ready = ready
        found[name] = named[name]
        sorter.done(name)
    return found


def apps_below(name: str, among: Mapping[str, Module] | None = None) -> frozenset[str]:
    """The apps on which one stands, all the way down."""
    known = read_manifests() if among is None else among
    direct = known[name].stands_on
    return frozenset(direct).union(*(apps_below(each, known) for each in direct))


def apps_of(desks: Collection[str]) -> tuple[str, ...]:
    """The apps of an installation with these desks, in their order: those that are everywhere,
    those of its desks, and those on which these stand."""
    chosen = {
        name
        for name, module in read_manifests().items()
        if not module.desks or set(module.desks) & set(desks)
    }
    needed = chosen.union(*(apps_below(name) for name in chosen))
    return tuple(name for name in read_manifests() if name in needed)


def migrations_of(app: str) -> frozenset[tuple[str, str]]:
    """The migrations of an app, installed or not, as the history of the database names them."""
    files = (
        file
        for folder in marfa.apps.__path__
        for file in (Path(folder) / app / "migrations").glob("[0-9]*.py")
    )
    return frozenset((app, file.stem) for file in files)


def installed_apps(desks: Collection[str]) -> list[str]:
    """As Django's INSTALLED_APPS names them."""
    return [f"{PACKAGE}.{name}" for name in apps_of(desks)]


def middleware_in(slot: Slot, desks: Collection[str]) -> list[str]:
    """What the apps of an installation put around its requests in one place, as Django's
    MIDDLEWARE names it; apps at the top of the house come first."""
    brought: Iterable[Middleware] = (
        each for name in reversed(apps_of(desks)) for each in read_manifests()[name].middleware
    )
    return [each.path.replace(":", ".") for each in brought if each.slot is slot]
