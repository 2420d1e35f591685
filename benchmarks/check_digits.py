"""Errors that a check digit lets pass: Damm's method against Verhoeff's, on the codes of Marfa.

python benchmarks/check_digits.py           500 random codes, a few seconds
python benchmarks/check_digits.py --full    20,000 random codes
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator

from stdnum import damm, verhoeff

DIGITS = "0123456789"

# The second table that the documentation of python-stdnum gives.
ROWS = """\
0234567891 2041795386 3705281649 4180639275 5629074138
6973108524 7518420963 8462953017 9857316402 1396842750"""
SECOND = tuple(tuple(map(int, row)) for row in ROWS.split())

METHODS: dict[str, tuple[Callable[[str], str], Callable[[str], bool]]] = {
    "Damm": (damm.calc_check_digit, damm.is_valid),
    "Damm, second table": (
        lambda text: damm.calc_check_digit(text, table=SECOND),
        lambda text: damm.is_valid(text, table=SECOND),
    ),
    "Verhoeff": (verhoeff.calc_check_digit, verhoeff.is_valid),
}


def single(code: str) -> Iterator[str]:
    for a in range(len(code)):
        yield from (code[:a] + d + code[a + 1 :] for d in DIGITS if d != code[a])


def neighbours(code: str) -> Iterator[str]:
    for a in range(len(code) - 1):
        if code[a] != code[a + 1]:
            yield code[:a] + code[a + 1] + code[a] + code[a + 2 :]


def teen_ty(code: str) -> Iterator[str]:
    for a in range(len(code) - 1):
        first, second = code[a : a + 2]
        if first == "1" and second in "23456789":
            yield code[:a] + second + "0" + code[a + 2 :]
        if second == "0" and first in "23456789":
            yield code[:a] + "1" + first + code[a + 2 :]


def around_a_third(code: str) -> Iterator[str]:
    for a in range(len(code) - 2):
        if code[a] != code[a + 2]:
            yield code[:a] + code[a + 2] + code[a + 1] + code[a] + code[a + 3 :]


def twins(code: str) -> Iterator[str]:
    for a in range(len(code) - 1):
        if code[a] == code[a + 1]:
            yield from (code[:a] + 2 * d + code[a + 2 :] for d in DIGITS if d != code[a])


KINDS = (single, neighbours, teen_ty, around_a_third, twins)


def missed(method: str, kind: Callable[[str], Iterator[str]], codes: int) -> float:
    """Share of the errors of a kind that pass."""
    check_digit, is_valid = METHODS[method]
    drawn = random.Random(1)
    made = passed = 0
    for _ in range(codes):
        body = "".join(drawn.choices(DIGITS, k=8))
        for wrong in kind(body + check_digit(body)):
            made += 1
            passed += is_valid(wrong)
    return passed / made


def main() -> None:
    codes = 20_000 if "--full" in sys.argv[1:] else 500
    print(f"errors that pass, in {codes} codes; reference: Verhoeff")
    for kind in KINDS:
        shares = {method: missed(method, kind, codes) for method in METHODS}
        reference = shares["Verhoeff"]
        ratio = f"{shares['Damm'] / reference:.2f}" if reference else "-"
        cells = "  ".join(f"{name} {share:7.2%}" for name, share in shares.items())
        print(f"{kind.__name__:<15} {cells}  ratio {ratio}")


if __name__ == "__main__":
    main()
