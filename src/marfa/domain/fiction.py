"""Free texts that are made up, for a demonstration. Each is marked so in its own language: who sees
one alone, on a print or in a file, knows what it is."""

from __future__ import annotations

MARKS = {
    "ar": "(عرض توضيحي)",
    "en": "(demonstration)",
    "fr": "(démonstration)",
    "ru": "(демонстрация)",
}


def made_up(text: str, language: str = "ar") -> str:
    """The text with the mark of its language."""
    return f"{MARKS[language]} {text}"


def in_both(arabic: str, english: str) -> str:
    """A name in Arabic and in English, each with its mark."""
    return f"{made_up(arabic)} · {made_up(english, 'en')}"


def told_in_both(arabic: str, english: str) -> str:
    """The same for a text, a paragraph each: on one line the two directions would tear it apart."""
    return f"{made_up(arabic)}\n\n{made_up(english, 'en')}"
