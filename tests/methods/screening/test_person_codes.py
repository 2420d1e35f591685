"""What stands for a person in a table of answers is a code and no name."""

from __future__ import annotations

import pytest

from marfa.domain.codes import new_code
from marfa.domain.ids import new_id, new_reference
from marfa.methods.screening.person_codes import is_code

CODES = (
    *("A", "P1", "P 1", "1", "482019357", "482 019 357", "A-12", "CASE-0012", "SITE-7/33"),
    *("k7q2", "3f2a9be1-abed-4c00-9d11-aaaaaaaaaaaa", "أ-12", "١٢٣", "2024.11.003", "ref:9Q3X"),
)
NAMES = (
    *(
        "Mariam",
        "Mariam Haddad",
        "mariam1994",
        "Mariam-3",
        "Ali 2",
        "3. Ahmed",
        "Zeynab Qasimova 3",
    ),
    *(
        "مريم",
        "مريم حداد",
        "مريم 3",
        "محمد٢",
        "Мария 5",
        "王小明",
        "王小明 1",
        "Xyzzyk",
        "O'Neill 4",
    ),
    *("John Q. Smith 7", "Fatima1", "Hassan_2", "ABC"),
)


@pytest.mark.parametrize("text", CODES)
def test_a_code_is_taken(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_not(text: str) -> None:
    assert not is_code(text)


def test_all_that_we_name_people_by_are_codes() -> None:
    for _ in range(300):
        assert is_code(new_code())
        assert is_code(str(new_id()))


def test_a_reference_is_a_code_where_it_has_a_digit() -> None:
    made = [new_reference() for _ in range(200)]
    with_digits = [each for each in made if any(sign.isdigit() for sign in each)]
    assert len(with_digits) > 150
    assert all(map(is_code, with_digits))
