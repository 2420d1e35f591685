"""What changed, by content alone."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from marfa.methods.watchlists import compare_fields, compare_versions, read_source
from marfa.methods.watchlists.delta_files import feed_of, page_of
from marfa.platform import clock
from tests.methods.watchlists.lists import BODIES, PEOPLE, Made, un_xml, write_un

REFERENCE = os.environ.get("MARFA_REFERENCE_DATA")


def delta_of(folder: Path, old: list[Made], new: list[Made]):  # type: ignore[no-untyped-def]
    before = read_source(write_un(folder / "old.xml", old))
    after = read_source(write_un(folder / "new.xml", new))
    return compare_versions(before.values(), after.values())


def test_what_moves_without_saying_anything_is_no_change(tmp_path: Path) -> None:
    old = [*PEOPLE, *BODIES]
    new = [each.but(version="2", updated="2026-02-02") for each in reversed(old)]
    path = tmp_path / "laid-out.xml"
    text = (
        un_xml(new)
        .replace("><", ">\n      <")
        .replace("<LISTED_ON>2018-06-07", "<LISTED_ON>2018-06-07-04:00")
    )
    path.write_text(text, encoding="utf-8")
    before = read_source(write_un(tmp_path / "old.xml", old))
    delta = compare_versions(before.values(), read_source(path).values())
    assert delta.counts == {"added": 0, "removed": 0, "renumbered": 0, "amended": 0}


def test_each_kind_of_change_is_told(tmp_path: Path) -> None:
    added = Made("XAi.009", ("Fresh", "Person"))
    renumbered = PEOPLE[1].but(dataid="99")
    amended = PEOPLE[0].but(
        aliases=(*PEOPLE[0].aliases, ("Low", "Abu Saqr")), born="1972-03-09", comment="Seen."
    )
    delta = delta_of(tmp_path, [*PEOPLE], [amended, renumbered, PEOPLE[3], added])
    told = delta.as_json()
    assert told["counts"] == {"added": 1, "removed": 1, "renumbered": 1, "amended": 1}
    items = told["items"]
    assert [item["reference"] for kind in items.values() for item in kind] == [
        "XAi.009",
        "XAi.003",
        "XAi.002",
        "XAi.001",
    ]
    assert delta.touched == {"XAi.009", "XAi.003", "XAi.001"}
    assert [each.as_json() for each in compare_fields(*delta.amended[0])] == [
        {"field": "COMMENTS1", "before": None, "after": "Seen."},
        {
            "field": "INDIVIDUAL_ALIAS",
            "before": None,
            "after": "QUALITY: Low; ALIAS_NAME: Abu Saqr",
        },
        {
            "field": "INDIVIDUAL_DATE_OF_BIRTH",
            "before": "TYPE_OF_DATE: EXACT; DATE: 1971-03-09",
            "after": "TYPE_OF_DATE: EXACT; DATE: 1972-03-09",
        },
    ]


def test_an_entry_that_was_renumbered_and_amended_is_told_once(tmp_path: Path) -> None:
    delta = delta_of(tmp_path, [*PEOPLE], [PEOPLE[0].but(dataid="9", comment="New"), *PEOPLE[1:]])
    assert delta.counts == {"added": 0, "removed": 0, "renumbered": 1, "amended": 0}
    assert delta.touched == {"XAi.001"}
    (item,) = delta.as_json()["items"]["renumbered"]
    assert item["changes"] == [{"field": "COMMENTS1", "before": None, "after": "New"}]


def test_page_and_feed_tell_it_and_run_nothing(tmp_path: Path) -> None:
    evil = Made("XAi.666", ("<script>alert(1)</script>", "& ]]> Sons"))
    delta = delta_of(tmp_path, [*PEOPLE], [*PEOPLE, evil])
    page = page_of(delta, ("a.xml", "<b>.xml"), "ar")
    assert 'dir="rtl"' in page
    assert "XAi.666" in page
    assert "<script>" not in page
    assert "<b>" not in page
    feed = feed_of(delta, ("a.xml", "b.xml"), "en", clock.now())
    atom = "{http://www.w3.org/2005/Atom}"
    (item,) = ElementTree.fromstring(feed).iter(f"{atom}entry")  # noqa: S314 - ours
    assert item.findtext(f"{atom}title", "").startswith("Added: XAi.666 <script>")
    assert item.findtext(f"{atom}updated")


@pytest.mark.skipif(not REFERENCE, reason="needs MARFA_REFERENCE_DATA")
def test_the_two_published_lists() -> None:
    folder = Path(str(REFERENCE)) / "sanctions"
    old = read_source(folder / "un_consolidated_2024-09-26.xml")
    new = read_source(folder / "un_consolidated_2026-02-27.xml")
    delta = compare_versions(old.values(), new.values())
    assert delta.counts == {"added": 134, "removed": 6, "renumbered": 4, "amended": 167}
    assert [after.reference for _before, after in delta.renumbered] == [
        f"HTi.00{n}" for n in (2, 3, 4, 5)
    ]
