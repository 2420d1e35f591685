"""How an app tells the shell what it brings: the ``MODULE`` in its ``module.py``.

The shell asks the registry and never names an app, so that a desk that an installation does
not have leaves no trace: no URL, no menu, no query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.functional import Promise

if TYPE_CHECKING:
    from marfa.apps.accounts.models import User


class Desk(StrEnum):
    """The desks of design: what a person may work at. Chosen when an installation is made."""

    RECEPTION = "reception"
    PROTECTION = "protection"
    INVESTIGATIONS = "investigations"
    FINANCE = "finance"
    SANCTIONS = "sanctions"
    REPORTING = "reporting"
    COORDINATION = "coordination"
    ADMINISTRATION = "administration"


class Urgency(StrEnum):
    """Where on "My work" something stands."""

    URGENT = "urgent"
    DUE = "due"
    WAITING = "waiting"


@dataclass(frozen=True)
class WorkItem:
    """One thing that a person has to do. ``text`` names no one: it may be seen over a shoulder."""

    text: Promise | str
    url: str
    urgency: Urgency
    due: datetime | None = None


@dataclass(frozen=True)
class NavigationItem:
    """One entry in the menu of a desk."""

    desk: Desk
    label: Promise | str
    url_name: str


@dataclass(frozen=True)
class Module:
    """What an app brings.

    urls: urlconfs to mount, each under the desk it belongs to; None is outside every desk.
    navigation: menu entries, in their order.
    my_work: functions from a user to what waits for them.
    demonstration: fills the app's part of a demonstration; called in the order of the house.
    """

    name: str
    urls: tuple[tuple[Desk | None, str], ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    my_work: tuple[Callable[[User], Iterable[WorkItem]], ...] = ()
    demonstration: Callable[[tuple[Desk, ...]], None] | None = None


def modules() -> tuple[Module, ...]:
    """The modules of all installed apps of ours, in the order of INSTALLED_APPS."""
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("marfa.") or find_spec(f"{config.name}.module") is None:
            continue
        module = import_module(f"{config.name}.module").MODULE
        if not isinstance(module, Module):
            raise TypeError(f"{config.name}.module.MODULE is not a Module")
        found.append(module)
    return tuple(found)


def navigation(desk: Desk) -> tuple[NavigationItem, ...]:
    """The menu of a desk."""
    return tuple(item for module in modules() for item in module.navigation if item.desk == desk)


def my_work(user: User) -> list[WorkItem]:
    """All that waits for a person: urgent first, then by when it is due."""
    order = list(Urgency)
    items = [item for module in modules() for provide in module.my_work for item in provide(user)]
    return sorted(
        items,
        key=lambda item: (
            order.index(item.urgency),
            item.due.timestamp() if item.due else float("inf"),
            str(item.text),
        ),
    )
