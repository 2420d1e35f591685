"""Who may be here already, before somebody is registered a second time.

The search stands above registration, so that it brings the answer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from marfa.apps.manifest import gather_from_apps

Typed = tuple[str, str]
"""For whom of a household (empty for one person), and a name as it was typed."""


@dataclass(frozen=True)
class AlreadyHere:
    """lines: who may be meant and why, as markup; empty where there is nobody. whole: every name
    was looked for."""

    lines: SafeString
    whole: bool = True


Looking = Callable[[HttpRequest, Sequence[Typed]], AlreadyHere]


def look_for_same(request: HttpRequest, typed: Sequence[Typed]) -> AlreadyHere:
    """Who is here already under one of these names, of those whom the reader may see."""
    names = [(who, name.strip()) for who, name in typed if name.strip()]
    looking: tuple[Looking, ...] = gather_from_apps("same_person")
    if not names or not looking:
        return AlreadyHere(SafeString(""))
    return looking[0](request, names)
