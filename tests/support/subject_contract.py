"""What holds of every kind of subject, one check a part; and kinds that break one part each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString

from marfa.apps import manifest, subject_pages
from marfa.apps.accounts.models import User
from marfa.apps.complaints import views
from marfa.apps.manifest import Module, SubjectSection
from marfa.apps.organisations.actions import open_to_organisation
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.erasure import OpeningShredder
from marfa.apps.organisations.models import AccessGrant, Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy import access
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.actions import lift_hold, place_hold
from marfa.apps.privacy.erasure import preview_erasure
from marfa.apps.privacy.queries import subject_named, utc_today
from marfa.domain.codes import format_code
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import set_deadline
from marfa.platform.deadlines.kinds import deadline_kind
from marfa.platform.deadlines.models import Deadline
from marfa.platform.jobs.models import Job
from marfa.platform.outbox.models import Parcel
from marfa.platform.revisions.drafts import save_draft
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards import subjects
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.fields import footprint, register
from marfa.safeguards.fields.footprint import Footprint
from marfa.safeguards.subjects import SubjectKind
from marfa.safeguards.vault.models import Erasure, SubjectKey
from tests.conftest import signed_in
from tests.support.by_two import erase_by_two

REVIEW = deadline_kind("tests.subject_review")
HEADING, PART, SILENT = "CONTROLHEADING", "CONTROLPART", "SILENTHEADING"
Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Tried:
    """One subject, and another of its kind that stays.

    reader: may open its page; stranger: may not know of it. guest: another organisation.
    change: does something of which the history tells.
    """

    row: Any
    other: Any
    reader: User
    stranger: User
    guest: Organisation
    change: Callable[[], None]


def naming(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """Code and reference lead to it and to nothing else, at the desk and in commands."""
    row = tried.row
    for text in (row.code, format_code(row.code), f" {row.reference.upper()} "):
        assert subjects.keys_named(text, [kind]) == {row.pk}
        assert subject_named(text) == row.pk
    assert subjects.keys_named("Layla Haddad", [kind]) == set()
    found = subjects.kind_of(row.pk)
    assert found is not None
    assert found.name == kind.name
    assert subjects.kind_of(new_id()) is None
    assert kind.label


def record(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """The charter is asked about it, and knows of what."""
    with every_organisation():
        found = kind.record(tried.row.pk)
        assert kind.record(new_id()) is None
    assert found is not None
    assert (found.kind, found.id) == (kind.name, tried.row.pk)
    assert set(found.facts) <= set(declared_schema().kinds[kind.name])
    explained = manifest.record_kinds()[kind.name](tried.row.code)
    assert explained is not None
    assert explained.id == tried.row.pk


def page(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """Who may read is led to its page, and the page opens; to others neither is there."""
    keys = [tried.row.pk]
    with every_organisation():
        shown = kind.shown(actor_of(tried.reader), keys)
        assert not kind.shown(actor_of(tried.stranger), keys)
    assert list(shown) == keys
    url = shown[tried.row.pk].url
    assert tried.row.reference in url
    assert signed_in(tried.reader).get(url).status_code == 200
    assert signed_in(tried.stranger).get(url).status_code == 404


def sections(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """What another app adds is on the page, and what it keeps from this reader is not."""
    added = (
        SubjectSection(kind.name, HEADING, f"{__name__}:say_something"),
        SubjectSection(kind.name, SILENT, f"{__name__}:say_nothing"),
        SubjectSection("Elsewhere", SILENT, f"{__name__}:say_something"),
    )
    there = (*manifest.installed_modules(), Module(name="control", sections=added))
    patch.setattr(manifest, "installed_modules", lambda: there)
    text = _page(kind, tried)
    assert HEADING in text
    assert f"{PART} {tried.row.reference}" in text
    assert SILENT not in text


def history(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """What happens to it is told on its page, the newest first."""
    with every_organisation():
        before = len(kind.history(tried.row, ()))
        with clock.set_to(clock.now() + timedelta(minutes=5)):
            tried.change()
        tried.row.refresh_from_db()
        told = kind.history(tried.row, ())
    assert len(told) == before + 1
    assert told == sorted(told, key=lambda each: each.at, reverse=True)
    assert told[0].by == tried.reader.pk
    shown = _page(kind, tried)
    assert str(told[0].part) in shown
    assert tried.reader.display_name in shown


def told_of(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """Whoever asks what is stored is told of the subject itself, and of no other."""
    answer = answer_access(actor=by_command(), subject=tried.row.pk, language="en")
    model = type(tried.row)
    assert str(model._meta.verbose_name_plural) in [each.title for each in answer.sections]
    text = json.dumps(answer.as_json())
    assert tried.row.code in text
    assert tried.other.code not in text
    assert str(tried.other.pk) not in text
    assert _logged("privacy.access", tried) == [kind.name]


def erasure(kind: SubjectKind, tried: Tried, patch: Patch) -> None:
    """A hold keeps all of it; without one nothing of it is left, the log apart, and the other one
    keeps everything."""
    row, other = tried.row, tried.other
    for each in (row, other):
        _hang_on(each, kind, tried)
    hold = place_hold(actor=by_command(), subject=row.pk, reason="safety", until=utc_today())
    with pytest.raises(InputError):
        erase_by_two(actor=by_command(), subject=row.pk)
    lift_hold(actor=by_command(), hold=hold)
    with every_organisation():
        before = left_of(other)
        assert left_of(row).keys() == before.keys()
        seen = preview_erasure(row.pk)
        assert seen.tables.get(row._meta.label) == 1
        assert erase_by_two(actor=by_command(), subject=row.pk) == seen.counts
        assert left_of(row) == {}
        assert left_of(other) == before
        assert not SubjectKey.objects.filter(subject=row.pk).exists()
        assert Erasure.objects.filter(subject=row.pk).exists()
    assert subjects.keys_named(row.code, [kind]) == set()
    assert subjects.kind_of(row.pk) is None
    # Twice that it was tried under the hold or done, and once that its key is gone.
    assert set(_logged("privacy.erase", tried)) == {kind.name}
    assert _logged("vault.erase", tried) == [kind.name]


Check = Callable[[SubjectKind, Tried, Patch], None]
CHECKS: dict[str, Check] = {
    check.__name__: check for check in (naming, record, page, sections, history, told_of, erasure)
}


def left_of(row: Model) -> dict[str, int]:
    """What is there of a subject, by where it stands."""
    key, text = row.pk, str(row.pk)
    counts = {
        "rows": type(row)._base_manager.filter(pk=key).count(),
        "what hangs on it": sum(map(len, footprint.footprint_of(key).rows.values())),
        "revisions": Revision.objects.filter(about_id=key).count(),
        "drafts": Draft.objects.filter(subject=text).count(),
        "deadlines": Deadline.objects.filter(subject=key).count(),
        "jobs": sum(text in json.dumps(each.arguments) for each in Job.objects.all()),
        # The index of names is told that somebody is gone, by their key.
        "deliveries": sum(
            text in json.dumps(each.arguments)
            for each in Parcel.objects.exclude(destination="names")
        ),
        "openings": AccessGrant.objects.filter(object_id=key).count(),
    }
    # Not every kind keeps revisions of its rows.
    return {name: count for name, count in counts.items() if count}


def _hang_on(row: Any, kind: SubjectKind, tried: Tried) -> None:
    now = clock.now()
    with every_organisation():
        owner = owner_of(row)
        save_draft(
            user=tried.reader.pk, form="control", subject=row.pk, content={"n": "x"}, owner=owner
        )
        set_deadline(kind=REVIEW, subject=row.pk, due_at=now, owner=owner)
        told = {"row": str(row.pk)}
        Job.objects.create(name="test.look", arguments=told, run_at=now, created_at=now)
        Parcel.objects.create(
            destination="mail",
            lane=new_id(),
            kind="test.tell",
            arguments=told,
            created_at=now,
            run_at=now,
        )
        open_to_organisation(
            organisation=tried.guest,
            object_kind=kind.name,
            object_id=row.pk,
            until=now + timedelta(days=1),
            owner=row.organisation_id,
        )


def _page(kind: SubjectKind, tried: Tried) -> str:
    with every_organisation():
        shown = kind.shown(actor_of(tried.reader), [tried.row.pk])
    return signed_in(tried.reader).get(shown[tried.row.pk].url).content.decode()


def _logged(action: str, tried: Tried) -> list[str]:
    found = Entry.objects.filter(action=action, object_id=tried.row.pk)
    return list(found.values_list("object_kind", flat=True))


def say_something(request: HttpRequest, subject: Any) -> SafeString:
    """The part of another app."""
    return SafeString(f"{PART} {subject.reference}")


def say_nothing(request: HttpRequest, subject: Any) -> None:
    """A part of which this reader may not know."""


# ---- Kinds that break one part each, to be found ---------------------------------------------


def _without_register(patch: Patch, kind: SubjectKind) -> None:
    """The field register leads no more from the key to the row of the subject."""

    def everything_declared() -> Iterator[Any]:
        for model, said in register.everything_declared():
            own = model._meta.label == kind.model
            yield model, replace(said, subjects=()) if own else said

    patch.setattr(footprint, "everything_declared", everything_declared)


def _openings_stay(patch: Patch, kind: SubjectKind) -> None:
    patch.setattr(OpeningShredder, "shred", lambda self, found: self.found(found))


def _asked_as_another(patch: Patch, kind: SubjectKind) -> None:
    patch.setattr(access, "footprint_of", lambda key: Footprint({}, key))


BREAKS: dict[str, tuple[str, Callable[[SubjectKind], dict[str, Any]]]] = {
    "nothing leads to it": ("naming", lambda kind: {"named": lambda text: []}),
    "everything leads to it": (
        "naming",
        lambda kind: {"named": lambda text: [*kind.named(text), new_id()]},
    ),
    "it is of no table": ("naming", lambda kind: {"model": "quay.Guest"}),
    "the charter knows of none": ("record", lambda kind: {"record": lambda key: None}),
    "the charter is asked about another": (
        "record",
        lambda kind: {"record": lambda key: (found := kind.record(key)) and replace(found, id="x")},
    ),
    "everybody is led to it": (
        "page",
        lambda kind: {"shown": lambda _actor, keys: dict.fromkeys(keys, subjects.Shown("", "/"))},
    ),
    "nobody is led to it": ("page", lambda kind: {"shown": lambda _actor, _keys: {}}),
    "the oldest comes first": (
        "history",
        lambda kind: {"history": lambda row, shown: [*reversed(kind.history(row, shown))]},
    ),
    "nothing is told of it": ("history", lambda kind: {"history": lambda row, shown: []}),
    "rights are asked of a person": ("told_of", lambda kind: {"record": lambda key: None}),
    "its end is told as a person's": ("erasure", lambda kind: {"model": "quay.Guest"}),
}
"""What is wrong with a kind: by which check it is found, and the parts put in its place."""

FAULTS: dict[str, tuple[str, Callable[[Patch, SubjectKind], None]]] = {
    "parts of other apps are left out": (
        "sections",
        lambda patch, kind: patch.setattr(subject_pages, "sections_of", lambda name: ()),
    ),
    "its page tells nothing": (
        "history",
        lambda patch, kind: patch.setattr(views, "history_of", lambda *_: []),
    ),
    "access finds nothing of it": ("told_of", _asked_as_another),
    "the register does not lead to it": ("erasure", _without_register),
    "whom it was open to stays": ("erasure", _openings_stay),
}
"""The same, where a mechanism fails the kind."""


@contextmanager
def broken(kind: SubjectKind, parts: dict[str, Any], patch: Patch) -> Iterator[SubjectKind]:
    """A kind with some parts put in the place of its own, as all mechanisms find it."""
    control = replace(kind, **parts)
    with patch.context() as here:
        here.setitem(subjects._kinds, kind.name, control)
        yield control
