"""Indicators as coded facts: a row for each yes alone, and nobody can tell whose it is."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from unittest.mock import MagicMock
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from marfa.apps.organisations.administration import by_command
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.erasure import shred_again
from marfa.apps.privacy.retention import apply_retention
from marfa.apps.registry.models import Person
from marfa.apps.screening import indicators
from marfa.apps.screening.actions import (
    ask_first,
    finish_screening,
    forget_said,
    keep_answers,
    look_at_conditions,
    stop_screening,
)
from marfa.apps.screening.indicators import (
    INDICATORS,
    Pseudonyms,
    indicator_codes,
    indicator_of,
    restate_indicators,
)
from marfa.apps.screening.jobs import mix_indicators
from marfa.apps.screening.models import (
    IndicatorFact,
    IndicatorKey,
    Screening,
    ScreeningAnswer,
    ScreeningFact,
)
from marfa.apps.screening.said_before import same_facts
from marfa.cli import tables
from marfa.cli.server import facts
from marfa.crypto.errors import NotAuthenticError
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.methods.screening import Library, Panel
from marfa.methods.screening.delphi import Signal
from marfa.methods.screening.instrument import About, Item
from marfa.platform import clock
from marfa.platform.facts.rebuilds import compare_facts, rebuild_facts
from marfa.platform.keys.instance import instance_key
from marfa.safeguards.actions import together
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import SubjectKey
from tests.apps.screening.test_interview import ADULT, ALL, PANEL, USE, Office, desk
from tests.support.by_two import erase_by_two
from tests.support.called_services import call_services

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def held(
    desk: Office,
    stated: dict[str, str],
    panel: Panel = PANEL,
    observed: dict[str, str] | None = None,
) -> Screening:
    """A talk with the person of the desk that was finished. observed: what was seen."""
    row = desk.sit_down()
    look_at_conditions(
        actor=desk.officer, screening=row, base_version=1, told=ALL, interpreter="T-7"
    )
    ask_first(actor=desk.supervisor, screening=row, base_version=2, panel=panel, use=USE)
    seen = observed or {}
    keep_answers(actor=desk.officer, screening=row, base_version=3, stated=stated, observed=seen)
    finish_screening(actor=desk.officer, screening=row, base_version=3, panel=panel, use=USE)
    return row


def of_another(desk: Office, **stated: str) -> Person:
    """The same with somebody else."""
    mine, desk.person = desk.person, desk.register(ADULT)
    held(desk, {item.replace("_", "-"): answer for item, answer in stated.items()})
    mine, desk.person = desk.person, mine
    return mine


def told() -> Counter[str]:
    return Counter(IndicatorFact.objects.values_list("indicator", flat=True))


def everything() -> list[IndicatorFact]:
    return list(IndicatorFact.objects.order_by("pk"))


def test_a_yes_leaves_a_row_and_nothing_else_does(desk: Office) -> None:
    stated = {
        "cd-papers": "yes",
        "cd-debt": "refused",
        "cd-threat": "no",
        "cd-watched": "unknown",
        "cd-sexual-violence": "yes",
        "cd-unlawful": "yes",
        "core-in-danger": "yes",
    }
    held(desk, stated, observed={"cd-beaten": "yes", "cd-locked-in": "no"})
    assert told() == {"papers_held": 1, "physical_violence": 1}


def test_what_is_never_a_fact() -> None:
    """Nothing about sex, offences, armed roles or the person, no danger, nothing of who gives aid;
    and each code has a name in both languages."""
    every: dict[str, list[Item]] = {}
    for name in Library().names():
        for key, item in Library().instrument(name).questions.items():
            every.setdefault(key, []).append(item)
        for item in Library().instrument(name).items:
            every.setdefault(item.id, []).append(item)
    for code in indicator_of():
        found = every[code]
        whole = {one.id for one in found if not one.asks}
        assert not any(one.sensitive for one in found if one.id in whole), code
        assert all(one.about is not About.PERSON for one in found), code
        assert all(Signal.NOW not in one.signals for one in found), code
        assert "-aid-" not in code
        assert "sex" not in code
    aid = {item for item in every if "-aid-" in item}
    assert aid == {"rr-aid-exchange", "con-aid-exchange", "con-aid-work"}
    assert not [fact for facts in same_facts().values() for fact in facts.values() if "aid" in fact]
    listed = codelist("screening_indicators")
    assert listed.codes == indicator_codes()
    assert all(entry.labels["ar"] != entry.labels["en"] for entry in listed.entries)


def test_what_was_said_of_who_gives_aid_leaves_none(desk: Office) -> None:
    held(desk, {"rr-aid-exchange": "yes", "rr-unpaid": "yes"}, Panel.of("registration-risk"))
    assert told() == {"unpaid_work": 1}


def test_a_correction_takes_the_row_away(desk: Office) -> None:
    """What stands when a talk ends counts; and what is put right later, when it is stated again."""
    row = held(desk, {"cd-papers": "yes", "cd-pay": "yes", "cd-threat": "yes"})
    assert told() == {"papers_held": 1, "unpaid_work": 1, "threatened": 1}
    with open_vault(), together():
        for item, answer in (("cd-papers", "no"), ("cd-pay", None)):
            kept = ScreeningAnswer.objects.get(screening=row, item=item)
            kept.stated = answer
            kept.save()
        restate_indicators(desk.person)
    assert told() == {"threatened": 1}


def test_a_yes_that_was_taken_back_before_the_end_leaves_none(desk: Office) -> None:
    row = desk.asking()
    for answer in ("yes", "no"):
        said = {"cd-papers": answer}
        keep_answers(actor=desk.officer, screening=row, base_version=3, stated=said, observed={})
    finish_screening(actor=desk.officer, screening=row, base_version=3, panel=PANEL, use=USE)
    assert everything() == []


def test_two_talks_of_a_person_are_one_row_an_indicator(desk: Office) -> None:
    """From the month of the first; a later no takes no reason away."""
    held(desk, {"cd-papers": "yes", "cd-pay": "yes"})
    first = {row.subject: row.valid_from for row in everything()}
    with clock.set_to(clock.now() + timedelta(days=40)):
        call_services()
        held(desk, {"cd-papers": "no", "cd-pay": "yes", "cd-threat": "yes"})
    assert told() == {"papers_held": 1, "unpaid_work": 1, "threatened": 1}
    later = {row.subject: row.valid_from for row in everything()}
    assert first.items() < later.items()
    assert len(set(later.values())) == 2


def test_what_was_stopped_tells_nothing(desk: Office) -> None:
    row = desk.asking()
    said = {"cd-papers": "yes"}
    keep_answers(actor=desk.officer, screening=row, base_version=3, stated=said, observed={})
    stop_screening(actor=desk.officer, screening=row)
    rebuild_facts(INDICATORS)
    assert everything() == []
    forget_said(actor=desk.officer, screening=row)
    assert everything() == []


def some_people(desk: Office) -> dict[Person, set[str]]:
    found = {desk.person: {"papers_held", "threatened", "unpaid_work"}}
    held(desk, {"cd-papers": "yes", "cd-threat": "yes", "cd-pay": "yes"})
    found[of_another(desk, cd_papers="yes", cd_debt="yes")] = {"papers_held", "debt_bondage"}
    found[of_another(desk, cd_papers="no", cd_debt="refused")] = set()
    return found


def links(rows: list[IndicatorFact], people: list[Person]) -> set[tuple[UUID, object]]:
    """What somebody with all rows of all tables of facts can put together: rows that share a
    pseudonym or a key, rows with a moment or a key that is near to another's or to that of a fact
    which names its person, and rows whose pseudonym anybody could compute."""
    found: set[tuple[UUID, object]] = set()
    for one, other in combinations(rows, 2):
        near = abs(one.pk.int - other.pk.int) >> 80 == 0
        if one.subject == other.subject or near:
            found.add((one.subject, other.subject))
    named = list(ScreeningFact.objects.all())
    for row in rows:
        moments = {fact.recorded_at for fact in named} | {p.registered_at for p in people}
        found |= {(row.subject, at) for at in moments if at == row.recorded_at}
        found |= {(row.subject, fact.pk) for fact in named if (fact.pk.int ^ row.pk.int) >> 80 == 0}
        for person in people:
            if row.subject in guesses(person, row.indicator):
                found.add((row.subject, person.pk))
    return found


def guesses(person: Person, code: str) -> set[UUID]:
    """Pseudonyms by what lies open: the keys, the code and the organisation."""
    found = {person.pk}
    for text in (code.encode(), f"{code}\0".encode(), b""):
        for key in (b"", b"\0" * 32, person.organisation_id.bytes, person.pk.bytes):
            hashed = hmac.new(key, text + person.pk.bytes, hashlib.sha256).digest()
            found.add(UUID(bytes=hashed[:16]))
        found.add(UUID(bytes=hashlib.sha256(text + person.pk.bytes).digest()[:16]))
    return found


def test_no_row_can_be_put_beside_another_or_beside_a_person(desk: Office) -> None:
    people = some_people(desk)
    rows = everything()
    assert len(rows) == 5
    assert len({row.subject for row in rows}) == 5
    assert links(rows, list(people)) == set()
    alike = {(row.valid_from.day, row.recorded_at.time(), row.valid_until) for row in rows}
    assert len(alike) == 1, "nothing finer than a month"
    assert {row.recorded_at.date() for row in rows} == {row.valid_from for row in rows}


@pytest.mark.parametrize("fault", ["one pseudonym", "no key", "moments"])
def test_the_attack_finds_what_is_planted(
    desk: Office, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The control: it would see one pseudonym a person, a digest without a key, and a moment."""
    right = Pseudonyms.of
    if fault == "one pseudonym":
        monkeypatch.setattr(Pseudonyms, "of", lambda self, person, code: right(self, person, ""))
        monkeypatch.setattr(IndicatorFact._meta, "constraints", [])
    if fault == "no key":
        monkeypatch.setattr(
            Pseudonyms, "of", lambda self, person, code: right(Pseudonyms(b""), person, code)
        )
    with clock.set_to(clock.now().replace(microsecond=0)):
        held(desk, {"cd-papers": "yes"})
        if fault == "one pseudonym":
            [row] = everything()
            row.pk, row.indicator = UUID(int=row.pk.int ^ 1 << 120), "threatened"
            row.valid_from += timedelta(days=31)
            row.save(force_insert=True)
    if fault == "moments":
        IndicatorFact.objects.update(recorded_at=ScreeningFact.objects.get().recorded_at)
    assert links(everything(), [desk.person])


def test_whoever_has_the_key_derives_them_again(desk: Office) -> None:
    people, names = some_people(desk), Pseudonyms.kept()
    assert names is not None
    for person, codes in people.items():
        rows = IndicatorFact.objects.filter(subject__in=names.all_of(person.pk))
        assert set(rows.values_list("indicator", flat=True)) == codes


def test_the_key_is_sealed_and_outlives_a_rotation(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(desk, {"cd-papers": "yes"})
    row, names = IndicatorKey.objects.get(), Pseudonyms.kept()
    assert names is not None
    assert names.key not in bytes(row.sealed)
    assert indicators.KEY.count_by_version() == {1: 1}
    first = instance_key
    monkeypatch.setattr(
        indicators, "instance_key", lambda version, purpose: first(1, f"{purpose}/{version}")
    )
    with pytest.raises(NotAuthenticError):  # the control: it is another key now
        Pseudonyms.kept()
    monkeypatch.setattr(
        indicators,
        "instance_key",
        lambda version, purpose: first(1, purpose if version == 1 else f"{purpose}/{version}"),
    )
    indicators.KEY.bring_to(2, lambda done: None)
    assert indicators.KEY.count_by_version() == {2: 1}
    assert Pseudonyms.kept() == names


def test_erasing_a_person_leaves_none_of_theirs(desk: Office) -> None:
    people = some_people(desk)
    names = Pseudonyms.kept()
    assert names is not None
    gone = names.all_of(desk.person.pk)
    kept = {row.pk for row in everything() if row.subject not in gone}
    assert erase_by_two(actor=by_command(), subject=desk.person.pk)
    assert {row.pk for row in everything()} == kept
    assert len(kept) == 2 == len(people[list(people)[1]])
    rebuild_facts(INDICATORS)
    assert told() == {"papers_held": 1, "debt_bondage": 1}


def test_a_backup_brings_none_back(desk: Office) -> None:
    """The erased list destroys the key of the person first, and then what is left of them."""
    held(desk, {"cd-papers": "yes", "cd-threat": "yes"})
    with transaction.atomic():
        SubjectKey.objects.filter(subject=desk.person.pk).delete()
        shred_again(desk.person.pk)
    assert everything() == []


def test_it_is_the_derivation_that_finds_them(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without it the rows would stay, and the tests above see them."""
    held(desk, {"cd-papers": "yes"})
    monkeypatch.setattr(indicators, "pseudonyms_of", lambda keys: set())
    assert erase_by_two(actor=by_command(), subject=desk.person.pk)
    assert told() == {"papers_held": 1}


def test_a_person_is_told_of_theirs(desk: Office) -> None:
    some_people(desk)
    answer = answer_access(actor=by_command(), subject=desk.person.pk, language="en")
    [section] = [each for each in answer.sections if "indicators" in each.title]
    assert len(section.rows) == 3


def test_with_a_talk_that_found_nothing_its_rows_go(desk: Office) -> None:
    """One medium sign is no outcome; after a year the talk goes, and with it what it alone told."""
    row = held(desk, {"cd-threat": "yes"})
    assert row.urgency == "routine"
    other = of_another(desk, cd_papers="yes", cd_threat="yes")
    assert told() == {"threatened": 2, "papers_held": 1}
    with clock.set_to(clock.now() + timedelta(days=367)):
        apply_retention(actor=by_command())
    assert not Screening.objects.filter(pk=row.pk).exists()
    assert told() == {"threatened": 1, "papers_held": 1}
    assert Screening.objects.filter(person=other).exists()
    assert compare_facts(INDICATORS).same


def test_what_another_talk_tells_too_stays(desk: Office) -> None:
    held(desk, {"cd-threat": "yes"})
    with clock.set_to(clock.now() + timedelta(days=300)):
        call_services()
        held(desk, {"cd-threat": "yes"})
    with clock.set_to(clock.now() + timedelta(days=367)):
        apply_retention(actor=by_command())
    assert Screening.objects.filter(person=desk.person).count() == 1
    assert told() == {"threatened": 1}


def test_the_rows_are_those_of_the_records(desk: Office) -> None:
    some_people(desk)
    before = {(row.subject, row.indicator, row.valid_from) for row in everything()}
    assert compare_facts(INDICATORS).same
    with together():
        restate_indicators(desk.person)
    assert rebuild_facts(INDICATORS) == 5
    assert {(row.subject, row.indicator, row.valid_from) for row in everything()} == before
    IndicatorFact.objects.filter(indicator="threatened").delete()
    assert compare_facts(INDICATORS).missing == 1


def as_they_lie() -> list[UUID]:
    """The pseudonyms in the order in which the raw database has their rows."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject FROM screening_indicatorfact ORDER BY {place}")  # noqa: S608
        return [each if isinstance(each, UUID) else UUID(each) for (each,) in cursor.fetchall()]


def test_at_night_the_rows_are_mixed(desk: Office) -> None:
    """So that they lie beside each other as their pseudonyms are, and not as they were told."""
    some_people(desk)
    names, before = Pseudonyms.kept(), everything()
    assert names is not None
    lying = as_they_lie()
    assert set(lying[:3]) <= names.all_of(desk.person.pk), "the control: those of one person"
    mix_indicators.handler(MagicMock())
    assert as_they_lie() == sorted(lying)
    assert {row.pk for row in before}.isdisjoint(row.pk for row in everything())
    assert compare_facts(INDICATORS).same


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The commands work on the installation of the tests."""
    monkeypatch.setattr(facts, "open_installation", lambda data: None)
    return CliRunner()


def export(here: CliRunner, target: Path, *options: str) -> list[dict[str, object]]:
    done = here.invoke(facts.facts, ["export", "indicators", str(target), *options])
    if isinstance(done.exception, InputError):
        raise done.exception
    assert done.exit_code == 0, done.output
    rows: list[dict[str, object]] = pq.ParquetFile(target).read().to_pylist()
    return rows


def test_how_many_told_of_withheld_papers_is_a_protected_table(
    desk: Office, here: CliRunner, tmp_path: Path
) -> None:
    for number in range(6):
        threat, hours = "yes" if number < 2 else "no", "yes" if number < 3 else "no"
        of_another(desk, cd_papers="yes", cd_threat=threat, ex_hours=hours)
    hidden = of_another(desk, cd_papers="yes")
    Person.objects.filter(pk=hidden.pk).update(protected=True, protected_at=clock.now())
    target = tmp_path / "i.parquet"
    found = export(here, target)
    assert {*found[0]} == {"subject", "valid_from", "valid_until", "indicator", "age_band", "sex"}
    counted = {"papers_held": 6, "threatened": 2, "long_hours": 3}
    assert Counter(row["indicator"] for row in found) == counted
    assert len({row["subject"] for row in found}) == 11
    options = ["--by", "indicator", "--unit", "subject", "--zeros", "--json"]
    made = here.invoke(tables.table, [str(target), *options])
    assert made.exit_code == 0, made.output
    cells = json.loads(made.stdout)["cells"]
    shown = {cell["indicator"]: cell["count"] for cell in cells}
    assert shown == {"papers_held": 6, "threatened": None, "long_hours": None}


@pytest.mark.parametrize("options", [["i.csv"], ["i.parquet", "--to", "statistics"]])
def test_the_rows_themselves_do_not_leave(
    desk: Office, here: CliRunner, tmp_path: Path, options: list[str]
) -> None:
    """That a row is missing would tell of somebody who is known to have been screened."""
    held(desk, {"cd-papers": "yes"})
    name, *more = options
    with pytest.raises(InputError) as refused:
        export(here, tmp_path / name, *more)
    assert refused.value.problems[0].message.key == "kind-stays"
    assert list(tmp_path.iterdir()) == []
