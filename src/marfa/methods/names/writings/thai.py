"""Thai: vowels stand before, above, below and after their consonant, and many are not written.

Consonants after the Royal Thai General System of Transcription (1999). A consonant under the sign
of silence is dropped; a last one is read as it sounds at the end of a syllable too.
"""

from __future__ import annotations

from marfa.methods.names.writing_system import Script, Writing

_CONSONANTS: dict[str, str] = {
    **dict.fromkeys("กขฃคฅฆ", "k"), "ง": "ng", "จ": "C", **dict.fromkeys("ฉชฌ", "C"),
    **dict.fromkeys("ซศษส", "s"), "ญ": "y", **dict.fromkeys("ฎด", "d"),
    **dict.fromkeys("ฏตฐฑฒถทธ", "t"), **dict.fromkeys("ณน", "n"), "บ": "b",
    **dict.fromkeys("ปผพภ", "p"), **dict.fromkeys("ฝฟ", "f"), "ม": "m", "ย": "y", "ร": "r",
    **dict.fromkeys("ลฬ", "l"), "ว": "w", **dict.fromkeys("หฮ", "h"), "อ": "", "ฤ": "ri",
}  # fmt: skip
_VOWELS: dict[str, str] = {
    "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "u", "ื": "u", "ุ": "u",
    "ู": "u", "เ": "e", "แ": "e", "โ": "o", "ใ": "ai", "ไ": "ai", "ๅ": "a", "็": "", "ๆ": "",
}  # fmt: skip
_FINAL = {"C": "t", "s": "t", "d": "t", "b": "p", "f": "p", "r": "n", "l": "n"}
_BEFORE = "เแโใไ"
_SILENT = "\u0e4c"
_MARKS = "\u0e48\u0e49\u0e4a\u0e4b\u0e4d\u0e4e"


def read(word: str, _written: str) -> tuple[str, ...]:
    """Its phones, those with a last consonant as it is heard, and p as the ph of many spellings."""
    phones = _phones(word)
    if not phones:
        return ()
    heard = phones[:-1] + _FINAL.get(phones[-1], phones[-1])
    forms = [phones, heard]
    forms += [form.replace("p", "f").replace("t", "T") for form in forms]
    return tuple(dict.fromkeys(forms))


def _phones(word: str) -> str:
    letters: list[str] = []
    for letter in word:
        if letter == _SILENT:
            if letters and letters[-1] in "\u0e34\u0e38":
                letters.pop()
            if letters:
                letters.pop()
        elif letter not in _MARKS:
            letters.append(letter)
    found: list[str] = []
    waiting = ""
    for letter in letters:
        if letter in _BEFORE:
            waiting = _VOWELS[letter]
        elif letter in _CONSONANTS:
            found.append(_CONSONANTS[letter] + waiting)
            waiting = ""
        elif letter in _VOWELS:
            found.append(_VOWELS[letter])
        elif letter.isalpha():
            return ""
    return "".join(found).replace("ng", "n-g").replace("n-g", "ng")


WRITING = Writing(Script("Thai"), ((0x0E00, 0x0E7F),), read, leaves_vowels_out=True, syllabic=True)
