"""Forms that other apps have at hand and that nobody has to write as a spreadsheet.

Apps above name theirs in their manifests. Made again of the same content, a form is what it
was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from marfa.apps.forms.models import FormVersion
from marfa.apps.manifest import gather_from_apps
from marfa.apps.organisations.models import Organisation
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class AtHand:
    """One form that can be made.

    name: of its content, and identifier of the form. title: in the reader's language. version: of
    the form that is made now; empty where none can be. reviewed: whether somebody has reviewed all
    its texts. refusal: why it may not be made here, or nothing.
    """

    name: str
    title: str
    version: str
    reviewed: bool
    refusal: InputError | None


@dataclass(frozen=True)
class FormSource:
    """label: heading above its forms. forms: those at hand; asks nothing of the database.
    make: makes a version of one, or finds it, in an action of its own; raises InputError,
    DeniedError."""

    name: str
    label: Promise | str
    forms: Callable[[], list[AtHand]]
    make: Callable[[Actor, Organisation, str], FormVersion]


@dataclass(frozen=True)
class Standing:
    """One form at hand, and its newest version in an organisation, if there is one."""

    at_hand: AtHand
    newest: FormVersion | None

    @property
    def is_current(self) -> bool:
        return self.newest is not None and self.newest.version == self.at_hand.version


def all_sources() -> tuple[FormSource, ...]:
    """All that the apps of this installation name."""
    return gather_from_apps("form_sources")


def source_of(name: str) -> FormSource | None:
    """Who has a form of this name at hand."""
    return next(
        (each for each in all_sources() if any(one.name == name for one in each.forms())), None
    )


def source_standings(organisation: Organisation) -> list[tuple[FormSource, list[Standing]]]:
    """By source, what is at hand and what an organisation has of it already; one query."""
    found = [(source, source.forms()) for source in all_sources()]
    names = [one.name for _, forms in found for one in forms]
    rows = FormVersion.objects.filter(organisation=organisation, form__form_id__in=names)
    newest: dict[str, FormVersion] = {}
    for row in rows.select_related("form").defer("xml").order_by("added_at", "id"):
        newest[row.form.form_id] = row
    return [
        (source, [Standing(one, newest.get(one.name)) for one in forms]) for source, forms in found
    ]
