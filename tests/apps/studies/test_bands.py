"""A band: who signs, what it is bound to, where it is shown, and that it changes nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation
from marfa.apps.screening.instruments import instrument_library
from marfa.apps.screening.models import Screening
from marfa.apps.studies import bands
from marfa.apps.studies.actions import begin_enrolment, end_band, enrol_person, sign_band
from marfa.apps.studies.bands import band_of
from marfa.apps.studies.models import Band
from marfa.apps.studies.presentation import protected
from marfa.apps.studies.queries import can_be_enrolled
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.methods.screening import Instrument, Library
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.studies.made import Project
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = {(True, True): 8, (True, False): 2, (False, True): 2, (False, False): 8}
Change = tuple[Any, dict[str, Any]]
SEEN = "How often these questions are right"


@pytest.fixture
def project(operation: Operation) -> Iterator[Project]:
    with every_organisation():
        yield Project(operation)


@pytest.fixture
def earned(project: Project) -> Project:
    """A project whose study has earned a band that nobody has signed yet."""
    project.run(PEOPLE)
    project.propose()
    return project


def shown(row: Screening) -> Band | None:
    row = Screening.objects.select_related("site", "person").get(pk=row.pk)
    with open_vault():
        return band_of(row)


def sign(project: Project, count: int = 2) -> Band:
    band = Band.objects.get(study=project.study)
    for signer in project.signers[:count]:
        sign_band(actor=signer, band=band)
    return band


def test_two_sign_and_neither_is_the_author_or_the_same(earned: Project) -> None:
    """The charter refuses it, and the database does where nobody asked the charter."""
    band = Band.objects.get(study=earned.study)
    now, one = clock.now(), new_id()
    rows = Band.objects.filter(study=earned.study)
    wrong: list[dict[str, Any]] = [
        {"first_by": earned.author.id, "first_at": now},
        {"first_by": one},
        {"second_by": one, "second_at": now},
        {"first_by": one, "first_at": now, "second_by": one, "second_at": now},
        {"first_by": one, "first_at": now, "second_by": earned.author.id, "second_at": now},
    ]
    for columns in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**columns)
    for actor in (earned.author, earned.readers[0]):
        with pytest.raises(DeniedError):
            sign_band(actor=actor, band=band)
    first, second = earned.signers
    sign_band(actor=first, band=band)
    with pytest.raises(DeniedError):
        sign_band(actor=first, band=band)
    sign_band(actor=second, band=band)


class OtherList:
    """A library in which each list has another content, and its words."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __getattr__(self, name: str) -> Any:
        return getattr(self.library, name)

    def instrument(self, name: str) -> Instrument:
        return replace(self.library.instrument(name), version="0.0")


def lost(row: Screening, changes: list[Change]) -> None:
    """Changed, there is no band; and put back."""
    before = []
    for rows, columns in changes:
        before.append((rows, rows.values(*columns).get()))
        rows.update(**columns)
    assert shown(row) is None, changes
    for rows, columns in reversed(before):
        rows.update(**columns)


def test_only_the_page_of_a_result_and_of_the_band_know_its_figures() -> None:
    """Nobody outside the app asks for a band, and within it two modules read figures."""
    source = Path("src/marfa")
    files = {each: each.read_text(encoding="utf-8") for each in source.rglob("*.py")}
    assert len(files) > 500
    here = source / "apps" / "studies"
    outside = [each for each, text in files.items() if "apps.studies" in text]
    assert [each for each in outside if here not in each.parents] == []
    asks = {each.name for each, text in files.items() if "import band_of" in text}
    assert asks == {"section.py"}
    reads = {f"{each.relative_to(here)}" for each in outside if ".figures" in files[each]}
    assert reads == {"section.py", "views/bands.py"}


def test_there_is_no_band_but_for_what_was_studied(
    earned: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thing changed, and it is gone; put back, it is there again."""
    row = earned.interview(yes=False)
    assert shown(row) is None
    sign(earned, 1)
    assert shown(row) is None
    sign_band(actor=earned.signers[1], band=Band.objects.get(study=earned.study))
    band = shown(row)
    assert band is not None
    today = clock.now().date()
    talk, signed = Screening.objects.filter(pk=row.pk), Band.objects.filter(pk=band.pk)
    other_site = earned.controller.sites.exclude(pk=row.site_id).get()
    other_organisation = Organisation.objects.exclude(pk=row.organisation_id)[0]
    changes: list[Change] = [
        (talk, {"instrument_digest": row.instrument_digest[::-1]}),
        (talk, {"instrument": "vulnerability"}),
        (talk, {"site": other_site}),
        (talk, {"language": "fr"}),
        (talk, {"words": {}}),
        (talk, {"words": {**row.words, "ar": "0" * 64}}),
        (talk, {"state": "stopped"}),
        (talk, {"closed_at": clock.now() - timedelta(days=2)}),
        (talk, {"closed_at": clock.now() + timedelta(days=300)}),
        (signed, {"organisation": other_organisation}),
        (signed, {"instrument": "vulnerability"}),
        (signed, {"digest": "0" * 64}),
        (signed, {"setting": "assessment"}),
        (signed, {"sites": []}),
        (signed, {"words": {**band.words, "ar": "0" * 64}}),
        (signed, {"words": {}}),
        (signed, {"begins": today + timedelta(days=1), "ends": band.ends}),
        (signed, {"begins": today - timedelta(days=9), "ends": today}),
        (signed, {"ended_at": clock.now()}),
        (signed, {"second_by": None, "second_at": None}),
    ]
    for each in changes:
        lost(row, [each])
        assert shown(row) == band, each

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.sampled_from(changes), min_size=2, max_size=4, unique_by=id))
    def no_change_makes_up_for_another(chosen: list[Change]) -> None:
        lost(row, chosen)

    no_change_makes_up_for_another()
    assert shown(row) == band
    for language, holds in (("fr", False), ("en", False), ("ar", True), (None, True)):
        with open_vault():
            answer = row.answers.order_by("item")[0]
            answer.worded = language
            answer.save()
        assert (shown(row) == band) is holds, language
    with monkeypatch.context() as patched:
        patched.setattr(bands, "instrument_library", lambda: OtherList(instrument_library()))
        assert shown(row) is None, "the list of today is another"
    with clock.set_to(clock.now() + timedelta(days=199)):
        assert shown(row) == band
    with clock.set_to(clock.now() + timedelta(days=200)):
        assert shown(row) is None
    child = earned.interview(yes=False)
    with open_vault():
        child.outcome = {**child.outcome, "age": "disputed"}
        child.save()
    assert shown(child) is None
    end_band(actor=earned.author, band=band)
    assert shown(row) is None


def test_one_word_changed_and_it_is_lost(earned: Project) -> None:
    """A file of the installation's own with another word, as somebody would put it there."""
    sign(earned)
    row = earned.interview(yes=False)
    assert shown(row) is not None
    folder = Path(configured.FOLDER.path) / "instruments" / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "registration-risk.ar.toml"
    shipped = Path("src/marfa/methods/screening/instruments/texts") / file.name
    words = shipped.read_text(encoding="utf-8")
    try:
        file.write_text(words, encoding="utf-8")
        assert shown(row) is not None
        file.write_text(words.replace("؟", "؟ ", 1), encoding="utf-8")
        changed = shown(row)
        other = earned.interview(yes=False)
    finally:
        shutil.rmtree(folder.parent)
    assert changed is None
    assert shown(row) is not None
    assert shown(other) is None, "asked in other words, which are put back"
    study = earned.planned()
    begin_enrolment(actor=earned.author, study=study)
    asked = earned.interview(yes=False)
    assert list(can_be_enrolled(earned.author, study).filter(pk__in=[other.pk, asked.pk])) == [
        asked
    ]
    with pytest.raises(InputError):
        enrol_person(
            actor=earned.author, study=study, screening=other, consent="yes", understood=True
        )


def test_too_few_people_earn_none_and_none_is_for_ever(project: Project) -> None:
    project.run({(True, True): 9, (False, False): 10})
    for days, code in ((200, "too-few"), (0, "band-ends"), (731, "band-ends")):
        with pytest.raises(InputError) as refused:
            project.propose(days)
        assert refused.value.problems[0].message.code.endswith(code)


def test_protection_sees_it_beside_a_result_and_reception_does_not(
    earned: Project, operation: Operation
) -> None:
    row = earned.interview(yes=True)
    there = reverse("screening:one", args=[row.reference])
    protection, reception = signed_in(operation.supervisor), operation.at(Desk.RECEPTION)
    assert SEEN not in protection.get(there).content.decode()
    before = reception.get(there).content.decode()
    columns = Screening.objects.filter(pk=row.pk).values().get()
    sign(earned)
    page = protection.get(there).content.decode()
    assert SEEN in page
    assert "80%" in page
    assert SEEN not in reception.get(there).content.decode()
    # Nothing else changed: the next step, how soon, and the row.
    assert ("This is urgent" in page) == ("This is urgent" in before)
    assert Screening.objects.filter(pk=row.pk).values().get() == columns
    # Counts of small groups are for who supervises the whole.
    whole = results(protection, earned)
    part = results(signed_in(earned.signing[0]), earned)
    assert ">Assessed<" in whole
    assert ">Assessed<" not in part
    assert "small numbers can give someone away" in part
    assert "too few to say" in part


def test_one_small_group_is_not_worked_out_of_the_others() -> None:
    def rates(*told: int | None) -> list[bool]:
        groups = {
            f"{n}": {"people": 100 - n, "sensitivity": each, "specificity": 1}
            for n, each in enumerate(told)
        }
        found = protected(groups)
        assert all(each["specificity"] == 1 for each in found.values())
        return [each["sensitivity"] is not None for each in found.values()]

    assert rates(1, 1, 1) == [True, True, True]
    assert rates(1, None, 1) == [True, False, False]
    assert rates(1, None) == [False, False]
    assert rates(1, None, None) == [True, False, False]


def results(client: Any, project: Project) -> str:
    found = client.get(reverse("studies:results", args=[project.study.reference]))
    assert found.status_code == 200
    text: str = found.content.decode()
    return text


MAY: dict[str, tuple[str, ...]] = {
    "one": ("supervisor", "focal", "protection"),
    "results": ("supervisor", "focal"),
    "band": ("supervisor", "focal"),
    "people": ("supervisor",),
    "panel": ("protection",),
}


def test_who_opens_which_page(project: Project, operation: Operation) -> None:
    people = {
        "supervisor": signed_in(operation.supervisor),
        "focal": signed_in(project.signing[0]),
        "protection": operation.at(Desk.PROTECTION),
        "reception": operation.at(Desk.RECEPTION),
        "outsider": signed_in(operation.outsider),
    }
    project.begin()
    guest = signed_in(operation.partner)
    for page, may in MAY.items():
        url = reverse(f"studies:{page}", args=[project.study.reference])
        opened = {name for name, client in people.items() if client.get(url).status_code == 200}
        assert opened == set(may), page
        assert guest.get(url).status_code == 404


def test_load_is_said_by_rule_and_site_for_ten_interviews(
    project: Project, operation: Operation
) -> None:
    there = reverse("studies:load")
    client = signed_in(operation.supervisor)
    for number in range(9):
        project.interview(yes=number < 4)
    assert "Flagged by any rule" not in client.get(there).content.decode()
    project.interview(yes=False)
    page = client.get(there).content.decode()
    assert "Flagged by any rule" in page
    assert "40%" in page
    worker = signed_in(operation.desks[Desk.PROTECTION])
    assert worker.get(there).status_code == 403
    listed = reverse("studies:all")
    assert there in client.get(listed).content.decode()
    assert there not in worker.get(listed).content.decode()
