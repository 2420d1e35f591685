"""``Editor``: what an app says of a form that people edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from marfa.platform.revisions.actions import Saved
from marfa.platform.revisions.errors import GivenUp
from marfa.platform.revisions.models import Versioned
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class Change:
    """What a person wants changed, with what an action needs to save it.

    actor: who asks; the action asks the charter whether they may.
    mine: values that they gave up when they chose a colleague's.
    """

    actor: Actor
    base_version: int
    changes: Mapping[str, object]
    mine: GivenUp = ()


@dataclass(frozen=True)
class Editor:
    """A form of the pages. Its fields are named as the row's columns.

    name: of the form in the drafts: ``site_cards.card``; registered in the module's ``drafts``.
    save: the action; it raises InputError for values that do not fit, ConflictError for others'.
    begin: stores a row that the page was opened for and that is not there yet, and gives it, or
        the one that a colleague stored meanwhile; asked when a draft is to be kept.
    template: of its page, where it has more on it than the form; it is given the ``row`` too.
    """

    name: str
    form: type[forms.Form]
    save: Callable[[Any, Change], Saved]
    begin: Callable[[Any, Actor], Versioned] | None = None
    template: str = "form_pages/form.html"
