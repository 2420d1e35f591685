"""Phones of a name in Cyrillic letters (Russian, Ukrainian, Bulgarian, Serbian, Central Asian).

Letter values after BGN/PCGN 1947 (Russian) and the national systems of the other languages.
"""

from __future__ import annotations

from marfa.methods.names.writing_system import Script, Writing

_LETTERS: dict[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "ғ": "G", "д": "d", "ђ": "J", "е": "e",
    "є": "e", "ж": "J", "җ": "J", "з": "z", "и": "i", "і": "i", "ї": "i", "ј": "y", "к": "k",
    "қ": "q", "ҡ": "q", "л": "l", "љ": "l", "м": "m", "н": "n", "ң": "n", "њ": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "C", "у": "u", "ұ": "u", "ү": "u",
    "ў": "w", "ф": "f", "х": "x", "ҳ": "h", "һ": "h", "ц": "c", "ч": "C", "ҷ": "J", "џ": "J",
    "ш": "S", "щ": "S", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ә": "a",
    "ѓ": "g", "ќ": "k", "ѕ": "c",
}  # fmt: skip


def phones(word: str) -> str:
    """The phones of one normalised word in Cyrillic letters.

    ``дж`` and ``дз`` write foreign sounds (Джамал, Polivanov's system for Japanese).
    """
    word = word.replace("дж", "џ").replace("дзи", "џи").replace("дзю", "џу").replace("дз", "з")
    word = word.replace("еи", "ɛ")
    found: list[str] = []
    for letter in word:
        phone = "E" if letter == "ɛ" else _LETTERS.get(letter, "")
        if phone and not (found and found[-1] == phone and phone not in "aeiou"):
            found.append(phone)
    return "".join(found)


def read(word: str, _written: str) -> tuple[str, ...]:
    """Its phones; Ukrainian reads г as h (Ганна, Hanna)."""
    found = phones(word)
    if "г" in word:
        return (found, phones(word.replace("г", "һ")))
    return (found,)


WRITING = Writing(
    Script.CYRILLIC,
    ((0x0400, 0x052F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    read,
    folds={"ё": "е", "й": "и"},
    drops_marks=True,
    initials=True,
)
