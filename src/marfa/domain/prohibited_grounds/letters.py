"""Letters as they are compared where nothing may hide in them: marks, lookalikes, joiners."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from marfa.domain.prohibited_grounds.spelling import FOLDED, KEPT

JOINED = re.compile("[\u1200-\u137f\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts whose words are not parted, or begin with joined particles."""
_INDIC = range(0x0900, 0x1100)
_TO_LATIN = str.maketrans(
    "аеорсухіјѕԁһӏԛԝмткнвигодпязУαοεικνρτυχηβ", "aeopcyxijshhiqwmtkhbiropnyzyaoeiknptuxhb"
)
_TO_CYRILLIC = str.maketrans("aeopcyxijkmthb", "аеорсухіјкмтнв")
_DIGITS = str.maketrans("40135789@$!€", "aoiestbgasie")
_MORE = str.maketrans(
    {
        "ƙ": "k",
        "ɗ": "d",
        "ɓ": "b",
        "ƴ": "y",
        "ə": "e",
        "ŋ": "n",
        "æ": "ae",
        "œ": "oe",
        "ې": "ي",
        "ۍ": "ي",
        "ێ": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ۆ": "و",
        "ڕ": "ر",
        "ڵ": "ل",
        "ڪ": "ك",
        "ڭ": "ك",
        "ۃ": "ه",
        "ے": "ي",
        "ھ": "ه",
        "ں": "ن",
        "ڤ": "ف",
        "ہ": "ه",
        "ۀ": "ه",
        "’": " ",
        "'": " ",
        "ʼ": " ",
        "‘": " ",
        "ʿ": "",
        "ʾ": "",
        "´": " ",
        "`": " ",
    }
)
_ARABIC = re.compile("[\u0600-\u06ff]")
_PARTICLE = re.compile("(?:[وف])?(?:[بلك])?(?:ال|لل)?")
_CLASSES = re.compile("^(?:mu|mw|wa|ba|ki|m|d|l)(?=[a-z]{5})")
"""How a word for somebody of a people begins in Swahili and Hausa, and after an article."""
_SPACED = 3
_FEW_LETTERS = 2
_PAIR = 6
_TWO_WORDS = frozenset({"kanada"})
"""*Do you have* in Hausa, which is no country."""


def fold(text: str) -> str:
    """A text in small letters, without marks, joiners, directions and kinds of one letter."""
    text = unicodedata.normalize("NFKC", text).casefold()
    kept = []
    for letter in unicodedata.normalize("NFKD", text.replace("й", "\ue000")):
        if unicodedata.category(letter) == "Cf":
            continue
        if unicodedata.combining(letter) and ord(letter) not in _INDIC:
            continue
        # The dot below makes another letter in Hindi and Bengali, and is often left out.
        if letter not in "\u093c\u09bc":
            kept.append(letter)
    whole = unicodedata.normalize("NFC", "".join(kept)).replace("\ue000", "й")
    return whole.translate(FOLDED).translate(_MORE)


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _split(fold(text))


def _split(folded: str) -> list[str]:
    found, word = [], ""
    for letter in folded:
        if letter.isalpha() or unicodedata.category(letter) in ("Mn", "Mc"):
            word += letter
        elif word:
            found.append(word)
            word = ""
    return [*found, word] if word else found


@lru_cache(maxsize=KEPT)
def readings(text: str) -> tuple[tuple[tuple[tuple[str, ...], ...], str], ...]:
    """The ways in which the whole may be meant: the words, each in its ways, and their line."""
    folded = fold(text)
    found = dict.fromkeys(tuple(each) for each in _meant(text, folded))
    return tuple(
        (tuple(_ways(word) for word in words), " ".join(words)) for words in found if words
    )


def _meant(text: str, folded: str) -> Iterator[list[str]]:
    plain = _split(folded)
    yield plain
    yield [_one_script(word) for word in plain]
    if re.search(r"[^\W\d_][\d@$!€]|[\d@$!€][^\W\d_]", text):
        yield _split(re.sub(r"\S+", _with_letters, folded))
    # What parts the letters of a word: spaces, dots, strokes.
    yield _split(re.sub(r"(?<=\w)[^\w\s'’؟?]+(?=\w)", "", folded))
    yield _letters_joined(plain)
    yield [re.sub(r"(.)\1{2,}", r"\1", word) for word in plain]
    yield [
        first + second
        for first, second in pairwise(plain)
        if first + second not in _TWO_WORDS
        and len(first + second) >= (_PAIR if (first + second).isascii() else _PAIR + 1)
    ]


def _letters_joined(words: list[str]) -> list[str]:
    """Words with the single letters that follow each other joined."""
    found: list[str] = []
    run: list[str] = []
    for word in [*words, "  "]:
        if len(word) == 1:
            run.append(word)
            continue
        found += ["".join(run)] if len(run) >= _SPACED else run
        run = []
        found.append(word)
    return found[:-1]


def _one_script(word: str) -> str:
    """A word whose letters are of two scripts that look alike, in the one of most letters."""
    latin = len(re.findall("[a-z]", word))
    if not latin or latin == len(word):
        return word
    cyrillic = len(re.findall("[\u0400-\u04ff]", word.translate(_TO_LATIN)))
    if cyrillic or len(re.findall("[\u0400-\u04ff]", word)) > latin:
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN)


def _with_letters(match: re.Match[str]) -> str:
    word = match.group()
    letters = sum(letter.isalpha() for letter in word)
    return word.translate(_DIGITS) if letters >= _FEW_LETTERS else word


def _ways(word: str) -> tuple[str, ...]:
    """A word as it stands, and without what is joined to its beginning."""
    if _ARABIC.search(word):
        match = _PARTICLE.match(word)
        ends = {match.end() if match else 0, 2 if word.startswith(("ال", "لل")) else 0}
        ends |= {1} if word[0] in "وفبلك" else set()
        return tuple(dict.fromkeys([word, *(word[end:] for end in ends if len(word) - end > 2)]))
    bare = _CLASSES.sub("", word)
    return (word,) if bare == word else (word, bare)


@lru_cache(maxsize=KEPT)
def scripts_of(text: str) -> tuple[str, ...]:
    """The scripts of the letters of a text, by the first word of the name of each letter."""
    found = {unicodedata.name(each, "").split(" ")[0] for each in text if each.isalpha()}
    return tuple(sorted(found - {"", "MODIFIER"}))
