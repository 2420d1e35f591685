"""What cannot be read is told as not compared, and never as unlikely."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.cli.main import main
from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.methods.names import Band, Comparer, NameIndex, compare
from marfa.methods.names.lists import compare_pairs
from marfa.methods.names.text import script_of
from marfa.methods.names.writings import all_writings, writing_of

# Khmer, Lao, Tibetan, Cherokee, Syriac, Thaana: no file of ``writings`` knows them.
UNREADABLE = ["ហ៊ុន សែន", "ສົມຊາຍ ວົງ", "བསྟན་འཛིན", "ᏣᎳᎩ ᎦᏬᏂ", "ܝܘܣܦ ܚܢܐ", "އަޙްމަދު"]
COMPARER = Comparer()


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("other", ["Hun Sen", "هون سين", "Хун Сен", "李明"])
def test_a_script_without_a_reading_is_not_compared(name: str, other: str) -> None:
    found = compare(name, other)
    assert found.band is Band.NOT_COMPARED
    assert not found.match
    data = found.as_json()
    assert data["band"] == "not-compared"
    assert data["score"] is None
    assert data["name_score"] is None
    for language in LANGUAGES:
        assert render_message(found.explanation()[0], language)


@pytest.mark.parametrize("name", UNREADABLE)
def test_two_scripts_without_a_reading_are_not_compared_either(name: str) -> None:
    for other in UNREADABLE:
        assert compare(name, other).compared is (name == other)


@pytest.mark.parametrize("name", ["", " ", "???", "🙂", "—"])
def test_a_name_without_letters_is_not_compared(name: str) -> None:
    for pair in ((name, "Hun Sen"), ("Hun Sen", name), (name, name)):
        found = compare(*pair)
        assert found.band is Band.NOT_COMPARED
        assert found.as_json()["score"] is None
        assert found.explanation()
    index = NameIndex()
    index.add("nothing", name)
    index.add("latin", "Hun Sen")
    assert index.count_not_compared("Hun Sen") == 1
    assert index.count_not_compared(name) == 2
    index.remove("nothing")
    assert index.count_not_compared("Hun Sen") == 0


def test_other_letters_of_a_script_that_nobody_reads_here_say_nothing() -> None:
    alike, other = "ហ៊ុន សែន", "ស៊ុន ចាន់ថុល"
    assert compare(alike, alike).match
    assert compare(alike, other).band is Band.NOT_COMPARED
    assert compare("Hun Sen", "Sun Chanthol").band is Band.UNLIKELY


def test_who_has_the_document_is_shown_though_the_names_were_not_compared() -> None:
    index = NameIndex()
    passport = {"documents": [{"number": "AB 123456", "kind": "passport"}]}
    index.add("khmer", "ហ៊ុន សែន", facts=passport)
    index.add("other", "ហ៊ុន សែន")
    (hit,) = index.search("Ali Mansur", facts=passport)
    assert hit.key == "khmer"
    assert hit.comparison.band is Band.NOT_COMPARED
    assert "context-document-same" in {remark.key for remark in hit.comparison.remarks}


@pytest.mark.parametrize("name", UNREADABLE)
def test_within_its_own_script_a_name_is_still_itself(name: str) -> None:
    assert compare(name, name).score == 1.0


@given(st.sampled_from(UNREADABLE), st.text("abdehilmnorsu ", min_size=2, max_size=20))
def test_nothing_is_said_whichever_side_it_stands_on(name: str, other: str) -> None:
    if other.strip():
        assert not COMPARER.compare(name, other).compared
        assert not COMPARER.compare(other, name).compared


def test_a_name_that_also_stands_in_readable_letters_is_compared() -> None:
    assert compare("ហ៊ុន សែន (Hun Sen)", "Hun Sen").match


def test_a_part_that_cannot_be_read_is_told() -> None:
    """Beside parts that can, which are compared; where both have it in its letters it is read."""
    told = "remark-part-unread"
    mixed = "Ali ހުސެން"
    for pair in ((mixed, "Ali Hussein"), ("Ali Hussein", mixed), (mixed, "Mohamed Kashlaf")):
        found = compare(*pair)
        assert told in {remark.key for remark in found.remarks}
        for language in LANGUAGES:
            assert render_message(found.remarks[-1], language)
    for pair in ((mixed, mixed), ("Ali Hussein", "Ali حسين"), ("Ali Hussein", "Ali")):
        assert told not in {remark.key for remark in compare(*pair).remarks}


def test_a_search_counts_what_it_did_not_compare() -> None:
    index = NameIndex()
    index.add("latin", "Hun Sen")
    index.add("khmer", "ហ៊ុន សែន")
    assert [hit.key for hit in index.search("Hun Sen")] == ["latin"]
    assert index.count_not_compared("Hun Sen") == 1
    assert [hit.key for hit in index.search("ហ៊ុន សែន")] == ["khmer"]
    assert index.count_not_compared("ហ៊ុន សែន") == 1
    assert index.count_not_compared("هون سين") == 1
    index.remove("khmer")
    assert index.count_not_compared("Hun Sen") == 0
    assert index.search("ហ៊ុន សែន") == []


def test_a_table_has_empty_cells(tmp_path: Path) -> None:
    source, target = tmp_path / "pairs.csv", tmp_path / "out.csv"
    rows_of_pairs = "a,b\nហ៊ុន សែន,Hun Sen\nHun Sen,Hun Sen\n,Hun Sen\n🙂,Hun Sen\n"
    source.write_text(rows_of_pairs, encoding="utf-8")
    compare_pairs(source, target, left="a", right="b")
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = [(row["score"], row["match"]) for row in rows]
    assert found == [("", ""), ("1.0000", "true"), ("", "false"), ("", "")]


@pytest.mark.parametrize(("query", "left_out"), [("ហ៊ុន សែន", True), ("Hun Sen", False)])
def test_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], query: str, left_out: bool
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("name\nHun Sen\nSok An\n", encoding="utf-8")
    arguments = ["names", "search", "--names", str(listed), "--query", query]
    main([*arguments, "--json"])
    data = json.loads(capsys.readouterr().out)
    assert data["not_compared"] is left_out
    assert data["names_not_compared"] == (2 if left_out else 0)
    assert bool(data["hits"]) is not left_out
    main(arguments)
    assert ("not compared" in capsys.readouterr().out) is left_out


# Names as their bearers, or the press of their countries, write them in Latin letters.
READ = [
    ("အောင်ဆန်းစုကြည်", "Aung San Suu Kyi"),
    ("မင်းအောင်လှိုင်", "Min Aung Hlaing"),
    ("သိန်းစိန်", "Thein Sein"),
    ("ဝင်းမြင့်", "Win Myint"),
    ("יוסף כהן", "Yosef Cohen"),
    ("דוד בן גוריון", "David Ben Gurion"),
    ("สมชาย ใจดี", "Somchai Jaidee"),
    ("ทักษิณ ชินวัตร", "Thaksin Shinawatra"),
    ("金正恩", "Kim Jong Un"),
    ("朴槿惠", "Park Geun-hye"),
    ("安倍晋三", "Abe Shinzo"),
    ("小泉純一郎", "Junichiro Koizumi"),
    ("張國榮", "Cheung Kwok Wing"),
    ("李嘉誠", "Li Ka Shing"),
    ("ئیبراهیم ئەحمەد", "Ibrahim Ahmed"),
]


@pytest.mark.parametrize(("written", "latin"), READ)
def test_readings(written: str, latin: str) -> None:
    found = compare(written, latin)
    assert found.match, [(p.left, p.right, p.meeting, p.likeness) for p in found.parts]


OTHERS = [
    ("သိန်းစိန်", "San San Aye"),
    ("ဝင်းမြင့်", "Min Aung Hlaing"),
    ("יוסף כהן", "Moshe Levi"),
    ("金正恩", "Kim Yo Jong"),
    ("安倍晋三", "Aso Taro"),
    ("張國榮", "Wong Chi Keung"),
    ("สมชาย ใจดี", "Thaksin Shinawatra"),
]


@pytest.mark.parametrize(("written", "latin"), OTHERS)
def test_readings_do_not_meet_everybody(written: str, latin: str) -> None:
    assert not compare(written, latin).match


def test_each_writing_is_one_object_with_letters_of_its_own() -> None:
    for script, writing in all_writings().items():
        assert writing is writing_of(script)
        for first, last in writing.ranges:
            letters = [chr(code) for code in (first, last) if chr(code).isalpha()]
            assert all(script_of(letter) is script for letter in letters)
