"""Signs that deceive a reader: those that nobody sees, and letters that look like others.

    hidden_signs("Mar\\u202eiam")        # ((4, "U+202E"),): the fourth sign turns the text around
    check_visible(name, field="name")    # raises InputError, which names the place and not the name
    shown_signs("Mar\\u202eiam")         # "Mar⟨U+202E⟩iam"
    lookalikes("M\\u0430riam")           # (("а", "U+0430"),): a Cyrillic letter among Latin ones

Hidden are controls of direction, signs without width, tag characters, fillers and control
characters (Unicode Technical Report 36, 2.6 and 3.5; Unicode Standard, 23.2 and 23.9). The two
joiners are letters' own business: between letters of a script that joins they are what Persian,
Urdu, Kurdish and the scripts of India are written with (RFC 5892, A.1 and A.2), and stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from marfa.domain.message import InputError, Message, Place, Problem

ZWNJ, ZWJ = "\u200c", "\u200d"

_FILLERS = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Not of the category of formats, and yet nothing is seen of them."""

_JOINING = (
    (0x0600, 0x08FF),  # Arabic, Syriac, Thaana, N'Ko, Mandaic
    (0x0900, 0x0DFF),  # scripts of India and Sri Lanka
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFE),
)
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Scripts whose letters pass for one another on a screen (Unicode Technical Standard 39)."""

_WORD = re.compile(r"\w+")


def hidden_signs(text: str) -> tuple[tuple[int, str], ...]:
    """Each sign that nobody sees: which one it is, counted from 1, and its code point."""
    if text.isascii() and text.isprintable():
        return ()
    return tuple(
        (number, f"U+{ord(sign):04X}")
        for number, sign in enumerate(text, start=1)
        if _is_hidden(text, number - 1)
    )


def _is_hidden(text: str, place: int) -> bool:
    sign = text[place]
    if sign in (ZWNJ, ZWJ):
        return not (_joins(text, place - 1) and _joins(text, place + 1))
    return sign in _FILLERS or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def _joins(text: str, place: int) -> bool:
    """Whether a letter, or a mark on one, of a script that joins stands here."""
    if not 0 <= place < len(text) or unicodedata.category(text[place])[0] not in "LM":
        return False
    point = ord(text[place])
    return any(first <= point <= last for first, last in _JOINING)


def check_visible(
    text: str,
    *,
    field: str | None = None,
    file: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> None:
    """Raises InputError that says which sign of a name is hidden; the name is not repeated."""
    for number, code in hidden_signs(text)[:1]:
        message = Message("domain:sign-hidden", {"number": number, "code": code})
        raise InputError(Problem(message, Place(file, row, column, field)))


def shown_signs(text: str) -> str:
    """The text with every hidden sign as its code point, for where it is only looked at."""
    hidden = dict(hidden_signs(text))
    if not hidden:
        return text
    return "".join(
        f"\u27e8{hidden[number]}\u27e9" if number in hidden else sign
        for number, sign in enumerate(text, start=1)
    )


def lookalikes(text: str) -> tuple[tuple[str, str], ...]:
    """Letters that stand for others: of another script than the rest of their word where the two
    look alike, or letters of mathematics and of another width. Each once, with its code point."""
    if text.isascii():
        return ()
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        letters = [sign for sign in word if sign.isalpha()]
        scripts = Counter(script for sign in letters if (script := _script(sign)) in _ALIKE)
        usual = max(scripts, key=lambda script: (scripts[script], script), default="")
        for sign in letters:
            script = _script(sign)
            if (script in _ALIKE and script != usual) or _is_styled(sign):
                found[sign] = f"U+{ord(sign):04X}"
    return tuple(found.items())


def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _is_styled(sign: str) -> bool:
    plain = unicodedata.normalize("NFKC", sign)
    return plain != sign and len(plain) == 1 and plain.isascii() and plain.isalpha()


def alike_note(text: str) -> Message | None:
    """What to say beside a name with such letters; None where it has none."""
    found = lookalikes(text)
    if not found:
        return None
    letters = ", ".join(f"{sign} ({code})" for sign, code in found)
    return Message("domain:sign-alike", {"letters": letters})
