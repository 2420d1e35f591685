"""Names of strangers that share what is near by chance, each beside one who is the same person.

The names are invented; each pair stands for a way in which a long list meets anybody.
"""

from __future__ import annotations

import pytest

from marfa.methods.names import compare

WAYS = [
    # Another given name: one syllable more, in names that are made of syllables.
    (("金荣", "KIM JUNG JONG"), ("金荣", "KIM JUNG")),
    (("선영 영철 김", "KIM YONG CHOL"), ("김영철", "KIM YONG CHOL")),
    # Half of a compound, and what is common beside it.
    (("محمد عبدالعلي", "Ali Mohammed"), ("محمد عبدالعلي", "Mohammed Abdul Ali")),
    (("محمد عبدالعلي", "Ali Mohammed"), ("عبد الكريم الورفلي", "Karim Warfalli")),
    # A long word of another script that sounds like a whole name, and others beside it.
    (("राजन निरा मेहरा", "RYU JIN"), ("Владимир Путин", "VladimirPutin")),
    (("John John Davis", "Junjun"), ("Vladimir Putin", "VladimirPutin")),
    # Two parts that are near, of three and more.
    (("Thiago Sol Ezequiel Alvarez", "FARED SAAL"), ("Thiago Sol Alvarez", "Thiago Alvares")),
    (("नारायण श्री चोपरा", "Kipli Sali"), ("नारायण श्री चोपरा", "Narayan Chopra")),
]  # fmt: skip


@pytest.mark.parametrize(("strangers", "one"), WAYS)
def test_strangers_who_are_near_by_chance_are_not_likely(
    strangers: tuple[str, str], one: tuple[str, str]
) -> None:
    assert not compare(*strangers).match, compare(*strangers).score
    assert compare(*one).match, compare(*one).score


def test_what_is_cut_off_of_a_compound_is_missing() -> None:
    """Abdul is the first word of a hundred names; where his second word stands it is his."""
    assert not compare("Ismail Abdelrazak", "Ismail Abdul", query=True).match
    assert compare("Ismail Abdelrazak", "Ismail Abdul Razak", query=True).match
    assert compare("Sundus Abd Al-Ghafur", "Al-Ghafur Sundus Abd").match
