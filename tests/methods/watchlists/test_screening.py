"""Who meets whom, how weak names are held down, and what is never compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.names import Band, Kind
from marfa.methods.watchlists import (
    Entry,
    ListedBirth,
    Quality,
    Result,
    Screener,
    Subject,
    read_mapping,
    read_source,
    read_subjects,
)
from tests.methods.names.test_listed_traffickers import WRITTEN, queries
from tests.methods.watchlists.lists import entry, write_un

REFERENCE = os.environ.get("MARFA_REFERENCE_DATA")
BORN = ListedBirth("1971-03-09", "1971-03-09")
ENTRY = entry(
    "XAi.001",
    "Tariq Yunis Al-Zubaydi",
    ("طارق يونس الزبيدي", Quality.ORIGINAL),
    ("Hamdan Qutayba", Quality.LOW),
    ("al-Saqr", Quality.LOW),
    ("Shahin", Quality.GOOD),
    born=[BORN],
    documents=["K8812345"],
)


def screened(
    *subjects: Subject, entries: tuple[Entry, ...] = (ENTRY,), threshold: float | None = None
) -> list[Result]:
    screener = Screener([("un", each) for each in entries], threshold=threshold)
    return list(screener.screen_all(subjects))


def person(name: str, **known: object) -> Subject:
    return Subject("s", (name,), Kind.PERSON, **known)  # type: ignore[arg-type]


def test_names_of_full_weight_are_likely() -> None:
    for name in ("Tarek Younes Zubaidi", "طارق يونس الزبيدى", "Тарик Юнис аз-Зубайди"):
        (found,) = screened(person(name))
        assert found.band is Band.LIKELY, name
        assert (found.score or 0) >= 0.8
        assert found.sentences


def test_a_weak_alias_is_capped_and_decides_nothing_alone() -> None:
    (found,) = screened(person("Hamdan Qutayba"))
    assert (found.score, found.band, found.is_held) == (0.8, Band.POSSIBLE, True)
    assert found.is_hit
    codes = [each["code"] for each in found.why]
    assert "methods.watchlists:weak-alias-alone" in codes
    # With a date that agrees it is no longer alone; it stays capped.
    (beside,) = screened(person("Hamdan Qutayba", born=("1971-03-09",)))
    assert (beside.score, beside.band, beside.is_held) == (0.8, Band.LIKELY, False)
    # The control: the same letters as a name of good quality are neither.
    strong = entry("XAi.001", "Someone Else", "Hamdan Qutayba")
    (full,) = screened(person("Hamdan Qutayba"), entries=(strong,))
    assert (full.score, full.band) == (1.0, Band.LIKELY)


def test_a_weak_alias_does_not_hide_a_name_that_is_likely() -> None:
    listed = entry("XAi.001", "Hamdan Kutayba Al-Rifai", ("Hamdan Qutayba", Quality.LOW))
    (bare,) = screened(
        person("Hamdan Qutaiba"), entries=(entry("XAi.001", "Hamdan Kutayba Rifai"),)
    )
    (found,) = screened(person("Hamdan Qutaiba"), entries=(listed,))
    assert bare.band is Band.LIKELY
    assert (found.band, found.quality) == (Band.LIKELY, "primary")


@pytest.mark.parametrize("alias", ["Saqr", "Shahin"])
def test_an_alias_of_one_part_meets_a_whole_name_only_beside_evidence(alias: str) -> None:
    name = f"Mansour {alias}"
    assert screened(person(name)) == []
    assert screened(person(name, born=("1950-01-02",))) == []
    assert screened(person(name, places=("Basra",))) == []
    (dated,) = screened(person(name, born=("1971",)))
    assert (dated.band, dated.is_held) == (Band.POSSIBLE, True)
    assert (dated.score or 1) <= 0.8
    (documented,) = screened(person(name, documents=("K 8812345",)))
    assert documented.band is Band.LIKELY
    # A name that is that part alone meets it.
    (alone,) = screened(person(alias))
    assert alone.is_hit


def test_names_of_one_entry_count_together() -> None:
    """The family name stands in one name, the name by which he is known in another."""
    listed = entry("XAi.005", "Goran Milenko Petrovic", "Vukodlak")
    (apart,) = screened(person("Goran Petrovic Vukodlak"), entries=(listed,), threshold=0.3)
    lone = entry("XAi.005", "Goran Milenko Petrovic")
    (without,) = screened(person("Goran Petrovic Vukodlak"), entries=(lone,), threshold=0.3)
    assert (apart.score or 0) > (without.score or 0)


def test_what_else_is_known_speaks_for_and_against() -> None:
    name = "Tariq Yunis Zubaydi"
    (bare,) = screened(person(name), threshold=0.3)
    (same,) = screened(person(name, born=("1971-03-09",)), threshold=0.3)
    (apart,) = screened(person(name, born=("1950",)), threshold=0.3)
    assert (apart.score or 0) < (bare.score or 0) <= (same.score or 0)
    assert apart.effects == {"dates-apart": -0.35}
    assert screened(person(name, born=("1950",))) == []


def test_one_document_under_another_name_is_shown() -> None:
    (found,) = screened(person("Leonard Whitcombe", documents=("K-8812345",)))
    assert found.reference == "XAi.001"
    assert "document-same" in found.effects
    assert screened(person("Leonard Whitcombe", documents=("K-8812346",))) == []
    vessel = Subject("s", ("Leonard",), Kind.VESSEL, documents=("K8812345",))
    assert screened(vessel) == []


def test_kinds_are_never_crossed() -> None:
    names = {
        "person": "Karim Mansour Saleh",
        "body": "Karim Mansour Saleh",
        "vessel": "Karim Saleh",
    }
    entries = tuple(entry(f"X{kind}", name, kind=kind) for kind, name in names.items())
    for kind in Kind:
        asked = Subject("s", ("Karim Mansour Saleh",), kind)
        assert {each.reference for each in screened(asked, entries=entries)} <= {f"X{kind.value}"}
    assert len(screened(Subject("s", ("Karim Mansour Saleh",)), entries=entries)) >= 2


def test_letters_that_are_not_read_are_not_compared() -> None:
    (found,) = screened(person("ព្រះនរោត្តម សីហនុ"))
    assert (found.band, found.score, found.reference) == (Band.NOT_COMPARED, None, "")
    assert not found.is_hit
    (nothing,) = screened(person("-- / --"))
    assert nothing.band is Band.NOT_COMPARED
    # A second name that can be read is compared, and the row is no longer silent.
    both = Subject("s", ("ព្រះនរោត្តម", "Tariq Yunis al-Zubaydi"), Kind.PERSON)
    assert [each.reference for each in screened(both)] == ["XAi.001"]
    khmer = entry("XAi.007", "ព្រះនរោត្តម")
    screener = Screener([("un", khmer)])
    assert screener.unread == [("un", "XAi.007")]
    assert screener.screen(person("John Smith")) == []


def test_who_lacks_the_own_name_is_shown_first_and_is_not_likely() -> None:
    decoys = (
        entry("XAi.002", "Yunis Muhammad"),
        entry("XAi.003", "Yunis"),
        entry("XAi.004", "Omar Mahamat"),
    )
    every = (ENTRY, *decoys)
    for name in ("Younes al-Zubaidi", "يونس الزبيدي", "Юнис аз-Зубайди"):
        (found, *_) = screened(person(name), entries=every)
        assert (found.reference, found.band, found.is_held) == ("XAi.001", Band.POSSIBLE, True)
        assert "methods.watchlists:own-name-missing" in [each["code"] for each in found.why]
        assert found.standing > (found.score or 0)
    # The controls: another own name, a common rest, a date that speaks against it.
    assert screened(person("Karim Younes al-Zubaidi"), entries=every) == []
    common = entry("XAi.005", "Hassan Mohamed Ali")
    assert screened(person("Mohamed Ali"), entries=(common,)) == []
    dated = screened(person("Younes al-Zubaidi", born=("1950",)), entries=every, threshold=0.3)
    bare = screened(person("Younes al-Zubaidi"), entries=every, threshold=0.3)
    assert (dated[0].standing, dated[0].is_held) < (bare[0].standing, True)


def test_a_weak_name_without_the_own_name_is_shown_and_capped() -> None:
    weak = entry("XAi.006", "Somebody Else", ("Hassan Idris Tarhuni", Quality.LOW))
    (found,) = screened(person("Idris Tarhuni"), entries=(weak,))
    assert (found.band, found.is_held) == (Band.POSSIBLE, True)
    assert found.standing <= 0.80


def test_parts_in_several_names_of_an_entry_are_found() -> None:
    """No name alone is near enough to be found; together they have all of the query."""
    listed = entry("XAi.007", "Zerai Tekle", "Zerai Woldemariam")
    (found,) = screened(person("Tekle Woldemariam"), entries=(listed,))
    assert (found.reference, found.band) == ("XAi.007", Band.POSSIBLE)
    apart = (entry("XAi.007", "Zerai Tekle"), entry("XAi.008", "Zerai Woldemariam"))
    assert screened(person("Tekle Woldemariam"), entries=apart) == []


def test_a_result_depends_on_the_pair_alone() -> None:
    others = tuple(entry(f"XBi.{n}", f"Tariq Yunis {n}th Zubayd") for n in range(60))
    alone = screened(person("Tariq Yunis Zubaydi"))
    among = screened(person("Tariq Yunis Zubaydi"), entries=(*others, ENTRY))
    assert alone == [each for each in among if each.reference == "XAi.001"]


def test_only_the_columns_that_are_named_are_read(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "subject_id,name,kind,nationality,born\n1,Tariq Zubaydi,person,Examplia,not a date\n",
        encoding="utf-8",
    )
    (subject,) = read_subjects(path)
    assert subject == Subject("1", ("Tariq Zubaydi",), Kind.PERSON)
    with pytest.raises(InputError) as caught:
        list(read_subjects(path, read_mapping(["born=born"])))
    assert caught.value.problems[0].place.row == 2


@pytest.mark.parametrize(
    "field", ["nationality", "Citizenship", "religion", "ethnicity", "country"]
)
def test_nationality_and_its_like_cannot_be_mapped(field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_mapping([f"{field}=X"])
    assert caught.value.problems[0].message.code == "methods.watchlists:map-refused"


def test_nationality_changes_no_result(tmp_path: Path) -> None:
    path = write_un(tmp_path / "a.xml")
    text = path.read_text(encoding="utf-8")
    other = tmp_path / "b.xml"
    other.write_text(text.replace("Examplia", "Elsewhere"), encoding="utf-8")
    one, two = (read_source(each) for each in (path, other))
    assert [e.screened_digest for e in one.values()] == [e.screened_digest for e in two.values()]
    assert [e.digest for e in one.values()] != [e.digest for e in two.values()]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("subject_id,name\n1,A B\n1,C D\n", "subject-twice"),
        ("subject_id,name\n,A B\n", "subject-unnamed"),
        ("subject_id,name\n1, \n", "subject-nameless"),
        ("subject_id,name\n1,A,B\n", "table-width"),
        ("id,name\n1,A\n", "column-missing"),
        ("", "file-empty"),
        ('subject_id,name\n1,"A B\n', "table-broken"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_row(
    tmp_path: Path, rows: str, code: str
) -> None:
    path = tmp_path / "names.csv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(read_subjects(path))
    assert caught.value.problems[0].message.code == f"methods.watchlists:{code}"
    assert caught.value.problems[0].place.file == "names.csv"


NEWSPAPERS = {
    "LYi.023": ("Ahmad Oumar al-Dabbashi", "أحمد عمر الدباشي"),
    "LYi.025": ("Mohammed Kachlaf", "محمد كشلاف"),
    "LYi.026": ("Abd al-Rahman al-Milad", "عبد الرحمن الميلاد", "al-Bija"),
}
"""As newspapers write them: an own name with the name by which he is known."""


def test_a_name_by_which_somebody_is_known_completes_another() -> None:
    listed = entry("XAi.023", "Ahmad Oumar Imhamad al-Fitouri", ("Al Dabbashi", Quality.LOW))
    for name in NEWSPAPERS["LYi.023"]:
        (found,) = screened(person(name), entries=(listed,))
        assert found.band is Band.LIKELY, name
    # The control: without the alias, and with the alias beside another own name, nobody is met.
    bare = entry("XAi.023", "Ahmad Oumar Imhamad al-Fitouri")
    assert screened(person("Ahmad Oumar al-Dabbashi"), entries=(bare,)) == []
    assert screened(person("Mansour Khalid al-Dabbashi"), entries=(listed,)) == []


@pytest.mark.skipif(not REFERENCE, reason="needs MARFA_REFERENCE_DATA")
def test_three_traffickers_are_found_as_newspapers_write_them() -> None:
    found = read_source(Path(str(REFERENCE)) / "sanctions" / "un_consolidated_2026-02-27.xml")
    near = [each for each in found.values() if each.regime in ("Libya", "Somalia")]
    screener = Screener(("un", each) for each in near)
    for reference, names in NEWSPAPERS.items():
        for name in names:
            assert screener.screen(person(name))[0].reference == reference, name


@pytest.mark.slow
@pytest.mark.skipif(not REFERENCE, reason="needs MARFA_REFERENCE_DATA")
def test_the_six_traffickers_come_first_and_no_person_meets_a_body() -> None:
    found = read_source(Path(str(REFERENCE)) / "sanctions" / "un_consolidated_2026-02-27.xml")
    screener = Screener(("un", each) for each in found.values())
    asked = [*queries(), *((ref, name) for ref, names in NEWSPAPERS.items() for name in names)]
    assert len({reference for reference, _name in asked}) == 6
    for reference, name in asked:
        results = screener.screen(person(name))
        assert results, name
        assert results[0].reference == reference, name
        assert {found[each.reference].kind for each in results} == {"person"}
    # Without their own names they come first too, and no more than possible but where the parts
    # stand in several names of the entry or a Muhammad alone is wanting.
    for reference, names in WRITTEN.items():
        for parts in names:
            (first, *_) = screener.screen(person(" ".join(parts[1:])))
            assert first.reference == reference, parts
            assert first.band is Band.POSSIBLE or reference in ("LYi.024", "LYi.025"), parts
