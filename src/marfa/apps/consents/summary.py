"""A person's summary: what is kept, why, how long, who reads it, who got it.

The words are a text pack, so that a translator adds a language without code. It tells nothing
of investigations and reports, and nothing of other people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language

from marfa.apps.consents.models import Consent, Sharing
from marfa.apps.leaflets.packs import Leaflet, load_leaflets
from marfa.apps.manifest import Disclosed
from marfa.apps.organisations.models import AccessGrant
from marfa.apps.registry.models import (
    ContactPoint,
    HouseholdMember,
    IdentityDocument,
    Person,
    PersonName,
)
from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import SOURCE_LANGUAGE, own_digits
from marfa.domain.codelists import codelist
from marfa.platform import clock
from marfa.platform.regional import locale_of
from marfa.safeguards.fields.register import model_declaration
from marfa.safeguards.words import Purpose, Role

SET = "summary"
KEPT = {
    "kept-age": ("born", "birth_basis", "birth_place"),
    "kept-languages": ("languages", "interpreter"),
    "kept-origin": ("citizenships", "statelessness", "displacement", "migration_status"),
    "kept-life": ("gender", "marital_status", "education"),
    "kept-needs": ("functioning",),
    "kept-faith": ("ethnicity", "religion"),
    "kept-picture": ("photo",),
}
"""Line of the pack -> columns of a person, any of which is filled."""
ROWS = {
    "kept-names": PersonName,
    "kept-papers": IdentityDocument,
    "kept-contact": ContactPoint,
    "kept-family": HouseholdMember,
    "kept-answers": Consent,
}
READERS = (Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR)
NOT_TOLD_KINDS = ("justice", "financial_intelligence")
"""Recipients of which a summary that others may see says nothing: they belong to investigations."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    lines: list[str]


class _Words:
    """The lines of a pack in one form; a line that a pack lacks is taken from the English one."""

    def __init__(self, leaflet: Leaflet, addressee: Addressee) -> None:
        self.leaflet, self.addressee = leaflet, addressee
        self.otherwise = load_leaflets(SET)[SOURCE_LANGUAGE]

    def __call__(self, key: str, **values: str) -> str:
        text = self.leaflet.texts.get(key)
        if text is None:
            # It is reviewed in its own language, or nothing is said.
            self.otherwise.lines(self.addressee, live=not settings.DEMONSTRATION)
            text = self.otherwise.texts[key]
        return text.words(self.addressee).format(**values)

    def beginning(self, start: str) -> list[str]:
        """All lines whose key begins so, in the order of the file."""
        return [self(key) for key in self.otherwise.texts if key.startswith(start)]


def summary_in(language: str) -> Leaflet:
    """The pack of a language, or the English one where there is none."""
    found = load_leaflets(SET)
    return found.get(language) or found[SOURCE_LANGUAGE]


def summary_of(person: Person, leaflet: Leaflet, addressee: Addressee) -> list[Section]:
    """What a person is told, in the language of a pack; ten queries at most."""
    say = _Words(leaflet, addressee)
    return [
        Section(say("title-kept"), [say(key) for key in _kept(person)]),
        Section(say("title-why"), say.beginning("why-")),
        Section(say("title-long"), [say("long")]),
        Section(say("title-readers"), [say("readers", roles=_readers(leaflet.language))]),
        Section(say("title-shared"), _shared(person, say)),
        Section(say("title-rights"), say.beginning("right-")),
    ]


def _kept(person: Person) -> Iterator[str]:
    yield "kept-code"
    stored = Person.objects.filter(pk=person.pk)
    for key, columns in KEPT.items():
        if any(stored.filter(**{f"{each}__isnull": False}).exists() for each in columns):
            yield key
    for key, model in ROWS.items():
        if model._default_manager.filter(person=person.pk).exists():
            yield key


def _readers(language: str) -> str:
    """Those who may see the record, by role and not by name, as the field register says."""
    declared = model_declaration(Person).fields["born"].roles
    labels = codelist("roles")
    joined = "، " if language.startswith("ar") else ", "
    return joined.join(labels.label(role, language) for role in READERS if role in declared)


def _shared(person: Person, say: _Words) -> list[str]:
    language = say.leaflet.language
    found = (
        Sharing.objects.filter(person=person.pk)
        .exclude(recipient_kind__in=NOT_TOLD_KINDS)
        .exclude(purpose=Purpose.EVIDENCE.value)
        .select_related("recipient__guest")
        .order_by("at", "pk")
    )
    ends = _openings(found)
    lines = []
    for row in found:
        recipient = row.recipient.guest.name if row.recipient.guest else row.recipient.name
        purpose = codelist("purposes").label(row.purpose, language)
        day = _day(row.at, language)
        lines.append(say("shared-one", recipient=recipient, purpose=purpose, day=day))
        if until := ends.get(row.opening):
            key = "shared-open" if until > clock.now() else "shared-was-open"
            lines.append(say(key, recipient=recipient, day=_day(until, language)))
    return lines or [say("shared-none")]


def _openings(rows: Iterable[Sharing]) -> dict[UUID | None, datetime]:
    """Until when the record was or is open to whom received something."""
    keys = [row.opening for row in rows if row.opening is not None]
    found = AccessGrant.objects.filter(pk__in=keys) if keys else AccessGrant.objects.none()
    return dict(found.values_list("pk", "until"))


def _day(moment: datetime, language: str) -> str:
    locale = locale_of(language)
    return own_digits(format_date(moment, "long", locale=locale), locale)


def told_about(subject: UUID) -> Iterator[Disclosed]:
    """The same, for somebody who asks what is stored about them; in the active language."""
    person = Person.objects.filter(pk=subject).first()
    if person is None:
        return
    leaflet = summary_in((get_language() or SOURCE_LANGUAGE).split("-")[0])
    form = Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE
    for section in summary_of(person, leaflet, form):
        yield Disclosed(section.title, tuple(section.lines))
