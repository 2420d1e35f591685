"""What something is done to: a subject, of one kind or another.

A kind says once how it is named, where its page is, how the charter sees it and what happened to
it. Its app names the kind under ``subject_kinds`` in its manifest, and the mechanisms ask here:
sections, links and the history of a page (``marfa.apps.subject_pages``), access, erasure, holds
and retention (``marfa.apps.privacy``), the command that explains a decision. None of them knows a
subject, and neither does this module.

What hangs on a subject is found through the field register: its rows name its key under
``subjects``, and so they are told of, held and destroyed with it, whatever its kind.

Not everything is done to any subject. These are a person's by nature and stay with the app of
people: care, households and relationships, consent, and with it disclosure, which asks whose yes
there is; being protected from being found, and so of whom the search watch tells; the index of
names. The log names people alone under "about whom"; of other subjects it says kind and key.
A colleague has no kind: they are named by the app of accounts, and their rights are a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.utils.functional import Promise

from marfa.platform.rowsecurity.context import every_organisation

if TYPE_CHECKING:
    # The manifests are read before there is a database, and read this module.
    from django.db.models import Model

    from marfa.safeguards.actor import Actor
    from marfa.safeguards.charter.resources import Resource
    from marfa.safeguards.fields.footprint import Footprint


@dataclass(frozen=True)
class Shown:
    """A subject as it is shown to somebody who may open it. code: as it is spoken, or empty where
    it is not shown. url: of its page."""

    code: str
    url: str


@dataclass(frozen=True)
class Happened:
    """One thing that happened to a subject, in words of the active language.

    by: key of the colleague who did it; None: nobody of whom is told. part: what it was, or which
    part of the subject was changed. fields: what of it.
    """

    at: datetime
    by: UUID | None
    part: str | Promise
    fields: tuple[str | Promise, ...] = ()


@dataclass(frozen=True)
class SubjectKind:
    """One kind of subject. A subject is a row; its key is the row's, a ``UUID``.

    name: as the charter calls it, such as ``Person``.
    model: label of the table of the subjects themselves, ``registry.Person``.
    named: from what somebody types (a reference, a code) to the keys that it names, of whatever
        organisation; several where two organisations gave the same code.
    record: from a key to the subject as the charter sees it; None where there is none.
    shown: from who asks and some keys to those that they may open, by key, with the page of each.
    history: from the subject and the keys of what else its page shows this reader to what happened
        to it, newest first. It is called within the reading that the page has put on the record.
    """

    name: str
    model: str
    named: Callable[[str], Collection[UUID]]
    record: Callable[[UUID], Resource | None]
    shown: Callable[[Actor, Collection[UUID]], Mapping[UUID, Shown]]
    history: Callable[[Any, Collection[UUID]], Sequence[Happened]]

    @property
    def label(self) -> str:
        """What one of them is called in the active language."""
        return str(apps.get_model(self.model)._meta.verbose_name)

    def holds(self, key: UUID) -> bool:
        """Whether there is such a subject, of whatever organisation."""
        model = apps.get_model(self.model)
        with every_organisation():
            return bool(model._base_manager.filter(pk=key).exists())


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Make a kind known, at the start. Raises ValueError when the name is taken."""
    if _kinds.get(kind.name, kind).model != kind.model:
        raise ValueError(f"the kind {kind.name} is taken")
    _kinds[kind.name] = kind


def subject_kinds() -> tuple[SubjectKind, ...]:
    """All kinds, in the order of the house."""
    return tuple(_kinds.values())


def kind_named(name: str) -> SubjectKind:
    """A kind by its name. Raises LookupError where no installed app brings it."""
    return _kinds[name]


def keys_named(text: str, kinds: Iterable[SubjectKind] | None = None) -> set[UUID]:
    """The keys of the subjects whom a reference or a code names, of whatever organisation; by
    default of all kinds."""
    with every_organisation():
        return {key for kind in (kinds or subject_kinds()) for key in kind.named(text)}


def kind_of(key: UUID) -> SubjectKind | None:
    """Of which kind the subject with a key is; None where there is none."""
    return next((kind for kind in subject_kinds() if kind.holds(key)), None)


def kind_in(footprint: Footprint) -> SubjectKind | None:
    """Of which kind the subject of a footprint is, also when its rows are gone by now."""
    subject = footprint.subject
    return next((kind for kind in subject_kinds() if subject in footprint.of(kind.model)), None)


def kind_of_model(model: type[Model]) -> SubjectKind | None:
    """The kind whose subjects are the rows of a table; None where they are not subjects."""
    label = model._meta.label
    return next((kind for kind in subject_kinds() if kind.model == label), None)
