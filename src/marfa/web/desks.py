"""The desks as people see them: name and task come from the code list, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from marfa.apps.manifest import Desk, desk_navigation
from marfa.apps.organisations.queries import desks_of_actor
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist, in_language
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role


class DeskText:
    """Texts of one desk, put into the language of the page when the page is written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def name(self) -> str:
        return codelist("desks").label(self.desk, reader_language())

    @property
    def task(self) -> str:
        definition = codelist("desks").entry(self.desk).definition
        return in_language(definition, reader_language()) if definition else ""


TEXTS = {desk: DeskText(desk) for desk in Desk}


def reader_language() -> str:
    """The language of the page that is being written."""
    return get_language() or SOURCE_LANGUAGE


def role_name(role: Role) -> str:
    """A role as people read it."""
    return codelist("roles").label(role, reader_language())


def desks_here() -> tuple[Desk, ...]:
    """The desks that this installation was made with, in the order of the design."""
    found: tuple[Desk, ...] = settings.DESKS
    return found


def desks_offered() -> tuple[Desk, ...]:
    """Those of them that have something to do; an empty one is offered to nobody."""
    return tuple(desk for desk in desks_here() if desk_navigation(desk))


def desks_for(actor: Actor) -> tuple[Desk, ...]:
    """The desks of this installation at which a person may work now, and that are not empty."""
    held = desks_of_actor(actor)
    return tuple(desk for desk in desks_offered() if desk in held)
