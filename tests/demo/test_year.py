"""The year behind the demonstration: coherent, in order of time, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F, Model

from marfa.apps.assistance.models import Contact, Help
from marfa.apps.cases.models import Case, CaseFact, FormalIdentification, Presumption
from marfa.apps.consents.models import Consent, Withdrawal
from marfa.apps.reception.models import QueueEntry
from marfa.apps.referrals.models import Referral
from marfa.apps.registry.models import Person, RegisteredFact, Registration
from marfa.apps.screening.models import HandOver, IndicatorFact, Screening, ScreeningFact
from marfa.demo.build import NotADemonstrationError, build_demo
from marfa.demo.operation import Scale, words
from marfa.demo.operation.example_case import CODE
from marfa.domain.fiction import MARKS, made_up
from marfa.platform import clock
from marfa.platform.facts.actions import coded_values
from marfa.platform.facts.kinds import kind_of
from marfa.platform.facts.models import columns_of
from marfa.platform.facts.timeline import FactRow, rows_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.export import export_lines
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.verification import verify_export
from marfa.safeguards.vault.access import open_vault
from tests.conftest import thrown_away
from tests.demo.marks import ARABIC, marked, texts

SMALL = Scale(people=60, screenings=20, cases=8, seed=7)
HAND_WRITTEN = (
    "registry",
    "consents",
    "reception",
    "figures",
    "screening",
    "cases",
    "referrals",
    "complaints",
    "forms",
    "privacy",
    "site_cards",
)

# The whole of it is made twice; the demonstration by hand is looked at in the tests of the apps.
pytestmark = pytest.mark.slow


def told() -> dict[str, Any]:
    """What the same seed must give again."""
    return {
        "people": sorted(Person.objects.values_list("code", "sex", "presence")),
        "talks": Counter(Screening.objects.values_list("person__code", "state", "urgency")),
        "cases": sorted(Case.objects.values_list("person__code", "state", "urgency")),
        "referrals": sorted(Referral.objects.values_list("person__code", "state", "kind")),
        "help": Counter(Help.objects.values_list("person__code", "kind", "state")),
        "decisions": sorted(FormalIdentification.objects.values_list("person__code", "decision")),
        "log": Counter(Entry.objects.values_list("action", flat=True)),
    }


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small year, and nothing that is written by hand."""
    with django_db_blocker.unblock(), thrown_away(), every_organisation():
        build_demo(without=HAND_WRITTEN, scale=SMALL)
        with every_organisation():
            yield


def test_it_is_as_large_as_was_asked(year: None) -> None:
    assert Person.objects.count() == SMALL.people + 1
    assert Screening.objects.count() >= SMALL.screenings
    assert Case.objects.count() == SMALL.cases + 1
    assert Presumption.objects.count() == SMALL.cases + 1


def test_every_state_occurs(year: None) -> None:
    assert set(Referral.objects.values_list("state", flat=True)) == set(Referral.State.values)
    assert {"open", "closed"} == set(Case.objects.values_list("state", flat=True))
    assert {"", "identified", "refused"} <= set(
        FormalIdentification.objects.values_list("decision", flat=True)
    )
    assert FormalIdentification.objects.exclude(withdrawn_at=None).exists()
    assert FormalIdentification.objects.exclude(appeals=None).exists()
    assert {"no_place", "running", "ended"} <= set(Help.objects.values_list("state", flat=True))
    assert {"held", "planned", "missed"} <= set(Contact.objects.values_list("state", flat=True))
    assert {"given", "refused"} <= set(Consent.objects.values_list("decision", flat=True))
    assert Withdrawal.objects.exists()


def moments(model: type[Model]) -> Iterator[tuple[str, datetime]]:
    for field in model._meta.concrete_fields:
        if field.get_internal_type() == "DateTimeField" and not field.name.startswith(
            ("due", "next", "until", "expected", "expires")
        ):
            for value in model._default_manager.exclude(**{field.name: None}).values_list(
                field.name, flat=True
            ):
                yield f"{model.__name__}.{field.name}", value


def test_nothing_lies_in_the_future(year: None) -> None:
    now = clock.now()
    for model in (Person, Registration, QueueEntry, Screening, HandOver, Case, Presumption,
                  Referral, FormalIdentification, Help, Contact, Consent, Entry):  # fmt: skip
        late = [name for name, at in moments(model) if at > now]
        assert not late, late[:5]


def test_each_thing_comes_after_what_led_to_it(year: None) -> None:
    assert not Screening.objects.filter(opened_at__lt=F("person__registered_at")).exists()
    assert not HandOver.objects.filter(made_at__lt=F("screening__closed_at")).exists()
    assert not Case.objects.filter(opened_at__lt=F("person__registered_at")).exists()
    assert not Case.objects.filter(closed_at__lt=F("opened_at")).exists()
    by_hand_over = Case.objects.exclude(hand_over=None)
    assert by_hand_over.exists()
    assert not by_hand_over.filter(opened_at__lt=F("hand_over__made_at")).exists()
    assert not Referral.objects.filter(sent_at__lt=F("case__opened_at")).exists()
    assert not Referral.objects.filter(ended_at__lt=F("sent_at")).exists()
    assert not Help.objects.filter(asked_at__lt=F("case__opened_at")).exists()
    assert not Person.objects.filter(left_at__lt=F("registered_at")).exists()
    open_ones = Case.objects.filter(state="open")
    assert not open_ones.exclude(person__presence="present").exists(), "nobody is helped from afar"


def test_every_text_says_in_its_language_that_it_is_made_up(year: None) -> None:
    found = list(texts())
    assert {"Presumption.words", "Contact.words", "Referral.note", "Screening.wish"} <= {
        where for where, _text in found
    }
    assert [each for each in found if not marked(each[1])] == []


def test_who_works_at_the_sites_writes_arabic_and_the_partner_english(year: None) -> None:
    with open_vault():
        told = [row.words or "" for row in Presumption.objects.all()]
        met = [row.words for row in Contact.objects.all() if row.words]
        done = Referral.objects.exclude(recipient__guest=None).filter(state="finished")
        theirs = [row.outcome or "" for row in done]
    assert told
    assert all(ARABIC.search(text) for text in (*told, *met))
    assert theirs
    assert all(text.startswith(MARKS["en"]) for text in theirs)


def test_of_a_man_it_is_written_as_of_a_man(year: None) -> None:
    with open_vault():
        men = {row.words for row in Presumption.objects.filter(person__sex="male")}
        women = {row.words for row in Presumption.objects.filter(person__sex="female")}
    assert men <= {made_up(text.male) for text in words.TOLD}
    assert not women & {made_up(text.male) for text in words.TOLD}


def test_one_story_can_be_followed(year: None) -> None:
    she = Person.objects.get(code=CODE)
    assert QueueEntry.objects.get(person=she).state == "done"
    talk = Screening.objects.get(person=she)
    assert talk.state == "finished"
    assert talk.urgency == "days", "the answers alone gave it"
    case = Case.objects.get(person=she)
    assert case.hand_over == talk.hand_over
    assert case.state == "closed"
    assert Referral.objects.get(case=case).state == "finished"
    assert FormalIdentification.objects.get(case=case).decision == "identified"


def _days(row: FactRow) -> tuple[date, date | None]:
    return row.valid_from, row.valid_until


@pytest.mark.parametrize("kind", [RegisteredFact, ScreeningFact, IndicatorFact, CaseFact])
def test_facts_are_what_the_records_give_again(year: None, kind: Any) -> None:
    """The rows that stand now are those which a rebuild from the history would write."""
    names = [*columns_of(kind), "valid_from", "valid_until"]
    stored = {
        (str(row.subject), *(str(getattr(row, name)) for name in names))
        for row in kind._base_manager.filter(replaced_at=None)
    }
    again = {
        (str(key), *(str(each) for each in [*coded_values(kind, row.values).values(), *_days(row)]))
        for key, statements, *_owner in kind_of(kind).source()
        for row in rows_of(statements)
        if row.replaced_at is None
    }
    assert stored == again


def test_the_log_is_whole_and_in_order(year: None) -> None:
    report = verify_export(export_lines())
    assert report.whole
    assert report.entries == Entry.objects.count()
    of_people = Entry.objects.filter(action="people.register")
    assert of_people.values("subject_id").distinct().count() == Person.objects.count()
    told_at = list(Entry.objects.order_by("place").values_list("at", flat=True))
    assert told_at == sorted(told_at)


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_again() -> None:
    found = []
    for seed in (3, 3, 4):
        with thrown_away():
            build_demo(
                without=HAND_WRITTEN, scale=Scale(people=16, screenings=5, cases=2, seed=seed)
            )
            with every_organisation():
                found.append(told())
    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.django_db
def test_what_is_written_by_hand_is_marked_too() -> None:
    with thrown_away():
        build_demo()
        with every_organisation():
            found = list(texts())
    assert {"Complaint.text", "HandOver.note", "Help.interim"} <= {where for where, _text in found}
    assert [each for each in found if not marked(each[1])] == []


@pytest.mark.django_db
def test_a_real_installation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    with pytest.raises(NotADemonstrationError):
        build_demo(scale=SMALL)
    assert not Person.objects.exists()


def test_how_large_it_is_follows_the_people() -> None:
    assert Scale.of(5_000) == Scale(5_000, 600, 180)
    assert Scale.of(500) == Scale(500, 60, 18)
    assert Scale.of(100_000) == Scale(100_000, 600, 180), "what is told by actions takes its time"
