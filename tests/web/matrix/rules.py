"""What an entry of the access matrix says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marfa.apps.manifest import Desk

ANYBODY = "anybody"
SIGNED_IN = "signed in"
WORKING = "who works with people themselves"
OFFICERS = "data-protection officers"
ADMINISTRATORS = "administrators"
FOCAL_POINTS = "focal points of the whole organisation, who are at no desk here"
MANAGERS = "administrators and supervisors"
SUPERVISORS = "supervisors"
FILLING = "who registers, helps or supervises"
DEVICES = "devices with a password of their own; a session counts for nothing"
FINDERS = "who works with people and looks for them"
WATCHERS = "who answers for how colleagues search"
COUNTERS = "who sees the figures of a place"
REGISTERS = "who may read the registers"
ASKED = "whom the charter lets do what the view asks"

# Of something that does not exist; what does exist is opened in the tests of its app.
FILE = ("0" * 20,)
FORM = ("00000000-0000-4000-8000-000000000000",)


@dataclass(frozen=True)
class Url:
    """Who may open it, and how a test asks.

    rule: one of the above, or the desk at which one works. args: of its address. answer: what a
    bare request is answered where it is let in. post: it takes nothing else.
    """

    rule: str | Desk
    args: tuple[str, ...] = ()
    answer: int = 200
    post: bool = False


def each(namespace: str, names: Iterable[str], url: Url) -> dict[str, Url]:
    """Several views of one namespace with the same entry."""
    return {f"{namespace}:{name}" if namespace else name: url for name in names}
