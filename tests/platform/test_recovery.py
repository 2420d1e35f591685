"""k shares give the key back, k - 1 do not, and a share that is wrong is named."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marfa.crypto.keys import Key
from marfa.crypto.shamir import Share, split_key
from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError
from marfa.platform import clock, recovery
from marfa.platform.datafolder import InstallationKind, new_folder, open_folder, put_back_keys

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with new_folder(
        tmp_path / "data", kind=InstallationKind.LIVE, desks=("reception", "administration")
    ):
        pass
    return tmp_path / "data"


def words(*shares: Share) -> list[str]:
    return [share.words for share in shares]


def key_of(folder: Path) -> Key:
    return open_folder(folder).instance_key


def said(folder: Path, typed: list[str]) -> list[tuple[str, object, object]]:
    """What was said of shares: the sentence, the place as given, the number on the share."""
    with pytest.raises(InputError) as caught:
        recovery.recover_key(typed, recovery.splits_of(folder))
    problems = caught.value.problems
    assert all(render_problem(one, language) for one in problems for language in LANGUAGES)
    return [
        (one.message.key, one.message.params.get("place"), one.message.params.get("number"))
        for one in problems
    ]


def test_any_three_of_five_restore_a_folder_whose_keys_are_lost(folder: Path) -> None:
    key = key_of(folder)
    made = recovery.split_into_shares(folder, key, shares=5, threshold=3)
    shutil.rmtree(folder / "keys")
    for chosen in itertools.combinations(made, 3):
        found = recovery.recover_key(words(*chosen), recovery.splits_of(folder))[1]
        assert found == key
    put_back_keys(folder, found, lambda keys: None)
    assert key_of(folder) == key
    with pytest.raises(InputError, match="key-present"):
        put_back_keys(folder, found, lambda keys: None)


def test_two_of_three_needed_are_not_enough(folder: Path) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=5, threshold=3)
    for chosen in itertools.combinations(made, 2):
        assert said(folder, words(*chosen)) == [("shares-too-few", None, None)]
    assert said(folder, []) == [("shares-none", None, None)]
    assert said(folder, words(made[3], made[3], made[0])) == [("share-twice", 2, 4)]


def test_no_word_of_a_share_is_kept(folder: Path) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=3, threshold=2)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for share in made:
        # The words of one share, three in a row, occur nowhere; nor does what they encode.
        row = share.words.split()
        assert not any(" ".join(row[n : n + 3]).encode() in kept for n in range(len(row) - 2))
    assert (folder / recovery.FILE).stat().st_mode & 0o777 == 0o600


def test_a_foreign_share_is_named(folder: Path) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=3, threshold=2)
    foreign = next(
        one
        for one in iter(lambda: split_key(Key.random(), shares=3, threshold=2)[2], None)
        if one.split != made[0].split
    )
    assert said(folder, words(made[0], foreign)) == [("share-foreign", 2, 3)]
    assert said(folder, words(foreign, made[1])) == [("share-foreign", 1, 3)]


def test_a_forged_share_with_a_good_checksum_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=3, threshold=2)
    # Same identifier and numbers, another key: what somebody would make who changes a share.
    from shamir_mnemonic import shamir

    monkeypatch.setattr(shamir, "_random_identifier", lambda: made[0].split)
    forged = split_key(Key.random(), shares=3, threshold=2)[1]
    assert said(folder, words(made[0], forged)) == [("share-forged", 2, 2)]
    # Also where the record is lost, if there is one share more than needed.
    (folder / recovery.FILE).unlink()
    assert said(folder, words(forged, made[0], made[2])) == [("share-forged", 1, 2)]
    assert said(folder, words(made[0], forged)) == [("shares-do-not-fit", None, None)]


def test_a_typing_error_is_named_by_its_place(folder: Path) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=3, threshold=2)
    row = made[1].words.split()
    swapped = " ".join([row[1], row[0], *row[2:]])
    unknown = " ".join([*row[:6], "marfa", *row[7:]])
    assert said(folder, [made[0].words, swapped]) == [("share-checksum", 2, None)]
    assert said(folder, [unknown, made[0].words]) == [("share-word", 1, None)]
    assert said(folder, [" ".join(row[:20]), unknown]) == [
        ("share-length", 1, None),
        ("share-word", 2, None),
    ]


def test_shares_of_an_earlier_split_are_named_and_still_work_together(folder: Path) -> None:
    key = key_of(folder)
    old = recovery.split_into_shares(folder, key, shares=3, threshold=2)
    new = recovery.split_into_shares(folder, key, shares=3, threshold=2)
    assert said(folder, words(old[0], new[1])) == [("share-earlier", 1, 1)]
    assert said(folder, words(new[1], new[0], old[2])) == [("share-earlier", 3, 3)]
    assert recovery.recover_key(words(*old), recovery.splits_of(folder))[1] == key


def test_it_works_without_the_record(folder: Path) -> None:
    key = key_of(folder)
    made = recovery.split_into_shares(folder, key, shares=3, threshold=2)
    assert recovery.recover_key(words(*made), ())[1] == key


def test_a_rehearsal_is_noted_and_changes_nothing_else(folder: Path) -> None:
    key = key_of(folder)
    made = recovery.split_into_shares(folder, key, shares=3, threshold=2)
    before = {
        file: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != recovery.FILE
    }
    assert recovery.splits_of(folder)[0].rehearsed_at is None
    with clock.set_to(NOON):
        recovery.rehearse_recovery(folder, key, words(made[2], made[0]))
    assert recovery.splits_of(folder)[0].rehearsed_at == NOON
    assert all(file.read_bytes() == content for file, content in before.items())


def test_shares_of_a_key_that_was_changed_since(folder: Path) -> None:
    made = recovery.split_into_shares(folder, key_of(folder), shares=3, threshold=2)
    with pytest.raises(InputError, match="shares-of-another-key"):
        recovery.rehearse_recovery(folder, Key.random(), words(*made))
    assert recovery.splits_of(folder)[0].rehearsed_at is None


def test_numbers_that_make_no_sense(folder: Path) -> None:
    with pytest.raises(InputError, match="share-numbers"):
        recovery.split_into_shares(folder, key_of(folder), shares=2, threshold=3)
    assert recovery.splits_of(folder) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "recovery-damaged"),
        ('{"format": 1, "splits": [{}]}', "recovery-damaged"),
        ('{"format": 9}', "recovery-newer"),
    ],
)
def test_a_damaged_or_later_record(folder: Path, text: str, key: str) -> None:
    (folder / recovery.FILE).write_text(text)
    with pytest.raises(InputError, match=key):
        recovery.splits_of(folder)
