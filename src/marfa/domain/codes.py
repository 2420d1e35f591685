"""Reference codes for people to say and write: ``482 019 357``.

Nine digits: eight random ones and a check digit. Digits alone survive a bad telephone line, a
paper form and both directions of writing. The check digit is by Damm's method (H. M. Damm,
"Totally anti-symmetric quasigroups for all orders n != 2, 6", Discrete Mathematics 307, 2007).
It was chosen by trying: with the table used here it finds every wrong digit, every swap of
neighbours, and every confusion of thirteen with thirty up to nineteen with ninety; Verhoeff's
method misses a fifth of the last kind. It would miss one in ten confusions of twelve with
twenty, so codes in which that could happen are never given out.

A code is no secret and proves nothing. There are 88 million: the database holds them unique,
and the caller draws again when one is taken.
"""

from __future__ import annotations

import re
import secrets

from stdnum import damm

from marfa.domain.digits import DigitScript, in_script, latin_digits, without_marks
from marfa.domain.message import InputError, Message

CODE_LENGTH = 9

SEPARATOR = "\N{NO-BREAK SPACE}"
"""Between groups. Its bidirectional class joins digits of either script into one number, so that
the groups keep their order in an Arabic sentence, where an ordinary space would turn them round."""

# Spaces of every kind, hyphens and dashes, dots and slashes: what people put between groups.
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u06d4./_،,]+")


def new_code() -> str:
    """A new code of CODE_LENGTH digits, the first never zero (spreadsheets drop it)."""
    while True:
        code = code_of(10_000_000 + secrets.randbelow(90_000_000))
        if code is not None:
            return code


def code_of(number: int) -> str | None:
    """The code of a number of eight digits; None for the few that are not given out."""
    body = str(number)
    code = body + damm.calc_check_digit(body)
    return None if _twelve_may_pass_for_twenty(code) else code


def format_code(code: str, *, script: DigitScript = "latn") -> str:
    """The code in groups of three, in the digits of the script.

    Raises InputError when it is no code.
    """
    digits = parse_code(code)
    groups = (digits[start : start + 3] for start in range(0, CODE_LENGTH, 3))
    return in_script(SEPARATOR.join(groups), script)


def parse_code(text: str) -> str:
    """The nine digits of a code as somebody typed it.

    text: digits of any script, with spaces, hyphens and direction marks anywhere.
    Raises InputError that says what is wrong: another character, the length, the check digit.
    """
    digits = _SEPARATORS.sub("", latin_digits(without_marks(text)))
    wrong = next((character for character in digits if character not in "0123456789"), None)
    if wrong is not None:
        raise InputError.at(Message("domain:code-character", {"character": wrong}))
    if len(digits) != CODE_LENGTH:
        raise InputError.at(
            Message("domain:code-length", {"needed": CODE_LENGTH}, count=len(digits))
        )
    if digits[0] == "0" or not damm.is_valid(digits):
        raise InputError.at(Message("domain:code-check-digit"))
    return digits


def _twelve_may_pass_for_twenty(code: str) -> bool:
    for place in range(len(code) - 1):
        other = {"12": "20", "20": "12"}.get(code[place : place + 2])
        if other and damm.is_valid(code[:place] + other + code[place + 2 :]):
            return True
    return False
