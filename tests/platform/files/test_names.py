"""Names as people gave them, safe to show and to give back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.accounts.models import User
from marfa.platform.files.names import LONGEST, clean_name
from marfa.platform.files.queries import name_of
from tests.platform.files.uploads import send


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("report\u202egpj.exe", "reportgpj.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("..", ""),
        ("x" * 300 + ".jpeg", "x" * (LONGEST - 5) + ".jpeg"),
    ],
)
def test_names(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_turns_the_line(name: str) -> None:
    kept = clean_name(name)
    assert not set("/\\") & set(kept)
    assert len(kept) <= LONGEST
    assert not {"Cc", "Zl", "Zp"} & {unicodedata.category(letter) for letter in kept}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") & set(kept)


def test_a_name_gets_the_ending_of_its_type(sender: User) -> None:
    assert name_of(send(sender, b"text", name="notes")) == "notes.txt"
    assert name_of(send(sender, b"text", name="notes.v2")) == "notes.v2.txt"
    nameless = send(sender, b"text", name="")
    assert name_of(nameless) == f"{nameless.reference}.txt"
