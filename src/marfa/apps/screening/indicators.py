"""Indicators of a screening as coded facts: a row for each yes alone, and nobody can tell whose.

A row lies under a pseudonym of its own for each indicator of each person: an HMAC (RFC 2104) of
both under a key that is sealed here. Two indicators of one person have nothing in common, and
neither has anything in common with the person; whoever has the key derives them again, to correct
and to erase. A row says from which month on it is so, and no moment, place or officer.

No, refused and not asked leave no row; the number of people screened is the denominator.
"""

from __future__ import annotations

import hmac
import secrets
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from uuid import UUID

from marfa.apps.registry.facts import values_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import protected_people
from marfa.apps.screening import instruments
from marfa.apps.screening.answers import answers_given, merge_answers
from marfa.apps.screening.models import IndicatorFact, IndicatorKey, Screening
from marfa.crypto.aead import key_version_of, open_sealed, seal_bytes
from marfa.crypto.context import Context
from marfa.domain.message import InputError
from marfa.methods.screening import Answer
from marfa.platform import clock
from marfa.platform.facts.actions import coded_values, wait_for
from marfa.platform.facts.kinds import FactKind, OwnedHistory
from marfa.platform.facts.timeline import Statement
from marfa.platform.keys.holders import by_header
from marfa.platform.keys.instance import current_version, instance_key
from marfa.platform.rowsecurity.context import current_scope, row_context
from marfa.safeguards.fields.footprint import split_keys
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.errors import ErasedError

DECLARED = Path(__file__).parent / "indicators.toml"
PURPOSE = "screening/indicators"
AT_ONCE = 500
Told = dict[str, date]
"""Indicator -> the first day of the month from which it is so."""


@cache
def indicator_of() -> Mapping[str, str]:
    """Item -> the indicator as which it counts. Of items that join facts, each fact for itself."""
    told = tomllib.loads(DECLARED.read_text(encoding="utf-8"))
    return {item: code for code, items in told.items() for item in items}


@cache
def indicator_codes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(indicator_of().values()))


@dataclass(frozen=True, repr=False)
class Pseudonyms:
    """The key under which indicators have their pseudonyms."""

    key: bytes

    @classmethod
    def kept(cls) -> Pseudonyms | None:
        """None where no indicator was ever stated."""
        row = IndicatorKey.objects.first()
        return cls(_opened(row)) if row is not None else None

    @classmethod
    def made(cls) -> Pseudonyms:
        """Those that are kept; made where they are needed first."""
        row, _new = IndicatorKey.objects.get_or_create(
            one=True, defaults={"sealed": _sealed(secrets.token_bytes(32)), "made_at": clock.now()}
        )
        return cls(_opened(row))

    def of(self, person: UUID, code: str) -> UUID:
        hashed = hmac.new(self.key, f"{code}\0".encode() + person.bytes, sha256)
        return UUID(bytes=hashed.digest()[:16])

    def all_of(self, person: UUID) -> set[UUID]:
        return {self.of(person, code) for code in indicator_codes()}


def restate_indicators(person: Person) -> None:
    """Have a row for each indicator that the person told of, or of which signs were seen, and for
    no other. In the transaction of an action."""
    wait_for(IndicatorFact, person.pk)
    with open_vault(), row_context(current_scope() | {person.organisation_id}):
        names = Pseudonyms.made()
        wanted = {_key(row): row for row in _rows(person, names)}
        stored = IndicatorFact.objects.filter(subject__in=names.all_of(person.pk))
        there = {_key(row): row.pk for row in stored}
        gone = [there[key] for key in there.keys() - wanted.keys()]
        IndicatorFact.objects.filter(pk__in=gone).delete()
        new = [wanted[key] for key in wanted.keys() - there.keys()]
        # In an order that tells nothing of the answers.
        IndicatorFact.objects.bulk_create(sorted(new, key=lambda row: row.pk))


def _key(row: IndicatorFact) -> tuple[object, ...]:
    return row.subject, row.valid_from, row.indicator, row.age_band, row.sex


def _rows(person: Person, names: Pseudonyms) -> Iterator[IndicatorFact]:
    for subject, (statement,), organisation in _histories_of(person, names):
        assert statement.values is not None  # noqa: S101 - a row is a yes
        yield IndicatorFact(
            organisation=organisation,
            subject=subject,
            valid_from=statement.valid_from,
            recorded_at=statement.at,
            **coded_values(IndicatorFact, statement.values),
        )


def _histories_of(
    person: Person, names: Pseudonyms
) -> Iterator[tuple[UUID, tuple[Statement], UUID]]:
    """Within ``open_vault()``."""
    rows = Screening.objects.filter(person=person.pk, state=Screening.State.FINISHED)
    for code, month in _told_in(rows).items():
        known = values_of(person, month)
        values = {"indicator": code, "age_band": known["age_band"], "sex": known["sex"]}
        at = datetime.combine(month, time(), tzinfo=UTC)
        yield names.of(person.pk, code), (Statement(month, at, values),), person.organisation_id


def _told_in(screenings: Iterable[Screening]) -> Told:
    """What talks that were finished told of; within ``open_vault()``."""
    found: Told = {}
    for row in screenings:
        assert row.closed_at is not None  # noqa: S101 - it is finished
        month = row.closed_at.date().replace(day=1)
        for code in _codes_in(row):
            found[code] = min(month, found.get(code, month))
    return found


def _codes_in(row: Screening) -> set[str]:
    given, quiet = answers_given(row), _never_told(row)
    merged = merge_answers(given.stated, given.observed)
    yes = {item for item, answer in merged.items() if answer is Answer.YES}
    return {indicator_of()[item] for item in (yes - quiet) & indicator_of().keys()}


def _never_told(row: Screening) -> set[str]:
    """Items of the list of a talk that are about sex, an offence or a role in an armed group: an id
    may stand for something else in another list."""
    try:
        panel = instruments.instrument_panel(row.instrument)
    except InputError:
        return set(indicator_of())
    items = [item for each in panel.instruments for item in each.items if item.sensitive]
    # Its facts are declared one by one, and those that are sensitive are not.
    return {item.id for item in items if not item.asks}


def indicator_histories() -> Iterator[OwnedHistory]:
    """Every row, in the order of the pseudonyms: none stands beside another of the same person."""
    finished = Screening.objects.filter(state=Screening.State.FINISHED)
    if not finished.exists():
        return
    names, found = Pseudonyms.made(), list[OwnedHistory]()
    people = Person.objects.filter(pk__in=finished.values("person"), erased_at=None)
    left = people.order_by("pk").iterator(chunk_size=AT_ONCE)
    while group := list(islice(left, AT_ONCE)):
        with open_vault() as vault:
            vault.load(person.pk for person in group)
            for person in group:
                found += _histories_of(person, names)
    yield from sorted(found, key=lambda told: told[0])


def pseudonyms_of(keys: Collection[UUID]) -> set[UUID]:
    """The subjects of rows that go with these: all of a person, and of a screening what no other
    of the person tells too."""
    names = Pseudonyms.kept()
    if names is None:
        return set()
    found: set[UUID] = set()
    for some in split_keys(keys):
        people = Person.objects.filter(pk__in=some).values_list("pk", flat=True)
        found.update(*(names.all_of(person) for person in people))
        ending = Screening.objects.filter(pk__in=some, state=Screening.State.FINISHED)
        for row in ending:
            found |= _told_there_alone(row, keys, names)
    return found


def _told_there_alone(row: Screening, keys: Collection[UUID], names: Pseudonyms) -> set[UUID]:
    finished = Screening.objects.filter(person=row.person_id, state=Screening.State.FINISHED)
    try:
        with open_vault():
            others = _told_in(finished.exclude(pk__in=keys))
            return {names.of(row.person_id, code) for code in _codes_in(row) - others.keys()}
    except ErasedError:  # all of the person goes
        return names.all_of(row.person_id)


def hidden_indicators() -> set[UUID]:
    """The subjects of those who may not be counted or sent on."""
    names = Pseudonyms.kept()
    if names is None:
        return set()
    people = protected_people().values_list("pk", flat=True)
    every = (subject for person in people for subject in names.all_of(person))
    found: set[UUID] = set()
    for some in split_keys(every):
        rows = IndicatorFact.objects.filter(subject__in=some)
        found.update(rows.values_list("subject", flat=True))
    return found


def _nobody(_subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Whose a row is stands with its history: a subject tells of nobody."""
    raise LookupError("a pseudonym has no owner")


def _place(version: int) -> Context:
    return Context("screening_indicatorkey", "sealed", "one", version)


def _sealed(secret: bytes, version: int | None = None) -> bytes:
    version = version or current_version()
    return seal_bytes(instance_key(version, PURPOSE), secret, _place(version))


def _opened(row: IndicatorKey) -> bytes:
    sealed = bytes(row.sealed)
    version = key_version_of(sealed)
    return open_sealed(instance_key(version, PURPOSE), sealed, _place(version))


def _reseal(row: IndicatorKey, version: int) -> dict[str, object]:
    return {"sealed": _sealed(_opened(row), version)}


KEY = by_header("screening.indicators", IndicatorKey, "sealed", _reseal)
INDICATORS = FactKind(
    "indicators",
    IndicatorFact,
    indicator_histories,
    _nobody,
    hidden_indicators,
    stays=True,
)
