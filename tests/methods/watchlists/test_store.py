"""A file takes the place of the one in use whole, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.watchlists import Store
from tests.methods.watchlists.lists import BODIES, PEOPLE, Made, many, un_xml, write_un

NOW = datetime(2026, 1, 6, 8, 30, tzinfo=UTC)
EVERY = (*PEOPLE, *BODIES, *many(40))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    held = Store(tmp_path / "watchlists")
    held.take(write_un(tmp_path / "first.xml", EVERY), now=NOW)
    return held


def refused(store: Store, path: Path, **options: bool) -> str:
    """The code of the refusal; the version in use, its entries and all files are as they were."""
    before, files = store.current("un"), sorted(store.folder.rglob("*"))
    entries = [each.as_json() for each in store.entries(before)]
    with pytest.raises(InputError) as caught:
        store.take(path, now=NOW, **options)  # type: ignore[arg-type]
    assert store.current("un") == before
    assert [each.as_json() for each in store.entries(before)] == entries
    assert sorted(store.folder.rglob("*")) == files
    return caught.value.problems[0].message.code.removeprefix("methods.watchlists:")


def test_every_version_is_kept_as_it_came(store: Store, tmp_path: Path) -> None:
    import gzip

    path = write_un(
        tmp_path / "second.xml", (*EVERY, Made("XCi.001", ("New", "Man"))), "2026-02-01"
    )
    version, is_new = store.take(path, now=NOW)
    assert is_new
    assert [each.total for each in store.versions("un")] == [46, 47]
    packed = store.folder / "un" / f"{version.key}.source.gz"
    assert gzip.decompress(packed.read_bytes()) == path.read_bytes()
    assert not store.folder.stat().st_mode & 0o077
    first = store.versions("un")[0]
    assert "XCi.001" not in {each.reference for each in store.entries(first)}


def test_the_same_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    before = sorted(store.folder.rglob("*"))
    assert store.take(tmp_path / "first.xml", now=NOW)[1] is False
    assert sorted(store.folder.rglob("*")) == before


def test_an_older_file_is_refused(store: Store, tmp_path: Path) -> None:
    assert refused(store, write_un(tmp_path / "old.xml", EVERY, "2025-12-31")) == "list-older"


def test_a_cut_file_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    data = un_xml(EVERY, "2026-03-01").encode()
    path.write_bytes(data[: len(data) // 2])
    assert refused(store, path) in ("file-cut", "file-not-xml")


def test_a_much_smaller_file_is_refused_unless_somebody_looked(
    store: Store, tmp_path: Path
) -> None:
    path = write_un(tmp_path / "small.xml", EVERY[:30], "2026-03-01")
    assert refused(store, path) == "list-smaller"
    assert store.take(path, now=NOW, accept_smaller=True)[0].total == 30


def test_a_list_that_lost_a_whole_kind_is_refused(store: Store, tmp_path: Path) -> None:
    bodies = [Made(f"XDe.{n:03d}", (f"Body {n} Trading",)) for n in range(12)]
    store.take(write_un(tmp_path / "b.xml", (*EVERY, *bodies), "2026-02-01"), now=NOW)
    alone = [each for each in EVERY if each.tag == "INDIVIDUAL"]
    path = write_un(tmp_path / "c.xml", alone, "2026-03-01")
    assert refused(store, path) == "list-kind-gone"


def test_a_reference_twice_is_refused(store: Store, tmp_path: Path) -> None:
    path = write_un(tmp_path / "twice.xml", (*EVERY, EVERY[0]), "2026-03-01")
    assert refused(store, path) == "reference-twice"


def test_other_names_under_the_same_references_are_refused(store: Store, tmp_path: Path) -> None:
    others = [each.but(names=("Someone", f"Else {n}")) for n, each in enumerate(EVERY)]
    assert refused(store, write_un(tmp_path / "x.xml", others, "2026-03-01")) == "list-renamed"
    few = [*others[:5], *EVERY[5:]]
    assert store.take(write_un(tmp_path / "few.xml", few, "2026-03-01"), now=NOW)[1]


def test_an_entry_in_the_wrong_group_or_without_a_name_is_refused(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "x.xml"
    text = un_xml(EVERY, "2026-03-01")
    path.write_text(text.replace("XAi.003", "XAe.003"), encoding="utf-8")
    assert refused(store, path) == "reference-of-other-kind"
    path.write_text(text.replace("XAi.003", "Nobody"), encoding="utf-8")
    assert refused(store, path) == "reference-broken"
    nameless = PEOPLE[2].but(names=())
    assert refused(store, write_un(path, (nameless, *EVERY[3:]), "2026-03-01")) == "entry-nameless"


def test_a_file_without_a_day_or_an_entry_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    text = un_xml(EVERY, "2026-03-01")
    path.write_text(text.replace("dateGenerated", "made"), encoding="utf-8")
    assert refused(store, path) == "file-undated"
    assert refused(store, write_un(path, (), "2026-03-01")) == "list-empty"
    path.write_text("<html><body>Sign in to the portal</body></html>", encoding="utf-8")
    assert refused(store, path) == "list-unknown"


def test_what_was_changed_in_the_folder_is_noticed(store: Store) -> None:
    version = store.current("un")
    file = store.folder / "un" / f"{version.key}.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace("Rudenko", "Rudenka"))
    with pytest.raises(InputError) as caught:
        list(store.entries(version))
    assert caught.value.problems[0].message.code == "methods.watchlists:store-changed"


def test_a_first_file_that_is_refused_leaves_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(un_xml()[:-40], encoding="utf-8")
    with pytest.raises(InputError):
        Store(tmp_path / "w").take(path, now=NOW)
    assert not (tmp_path / "w").exists()
