"""Text as it is compared: small letters, without accents, joiners, lookalikes and kinds of alef."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏԛԝмткнвАЕΟοαεικνρτυχ", "aeopcyxijsdhlqwmtkhbAEOoaeiknptux"
)
_DIGITS = str.maketrans("401357", "aoiest")
FOLDED = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ې": "ي",
        "ـ": "",
        "ё": "е",
        "ı": "i",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
    }
)


KEPT = 512
"""Texts whose answers are kept, of each kind: a form asks several things of one text, and then
goes on to the next. What strangers send is not kept for ever."""


@lru_cache(maxsize=KEPT)
def plain_words(text: str) -> str:
    """The words of a text or of a name, parted by single spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.split(r"[\W_\d]+", _folded(text))).strip()


@lru_cache(maxsize=KEPT)
def spellings(text: str) -> tuple[str, ...]:
    """The words as they are written, and as they may be meant: with letters of another script that
    look alike, with digits in the place of letters, or letter by letter."""
    plain = plain_words(text)
    found = [plain]
    if not plain.isascii() and re.search("[a-z]", plain):
        found.append(" ".join(_one_script(word) for word in plain.split()))
    if re.search(r"[^\W\d_]\d|\d[^\W\d_]", text):
        found.append(plain_words(re.sub(r"[^\W_]+", _with_letters, text)))
    if plain and all(len(word) == 1 for word in plain.split()):
        found.append(plain.replace(" ", ""))
    return tuple(dict.fromkeys(found))


def _folded(text: str) -> str:
    # й is a letter of its own and not и with a mark.
    parted = unicodedata.normalize("NFKD", text.casefold().replace("й", "\0"))
    kept = "".join(
        letter
        for letter in parted
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return unicodedata.normalize("NFC", kept.replace("\0", "й").translate(FOLDED))


def _one_script(word: str) -> str:
    return word.translate(_LOOKALIKES) if re.search("[a-z]", word) else word


def _with_letters(match: re.Match[str]) -> str:
    word = match.group()
    letters = sum(letter.isalpha() for letter in word)
    return word.translate(_DIGITS) if letters * 2 > len(word) else word
