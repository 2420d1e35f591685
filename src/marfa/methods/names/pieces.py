"""From normalised words to the pieces of a name: articles dropped, compounds joined."""

from __future__ import annotations

from marfa.methods.names import compounds
from marfa.methods.names.compounds import Piece
from marfa.methods.names.lexicon import is_known_name
from marfa.methods.names.pronunciation import is_syllabic
from marfa.methods.names.text import script_of


def join_pieces(words: list[str]) -> list[Piece]:
    """The pieces of a name: Abd, Abu and Umm with the word after them, -allah and -al-Din with the
    word before, articles dropped. A compound is one part everywhere."""
    found: list[Piece] = []
    joiner = _Joiner(_spaced(words))
    while joiner:
        piece = joiner.take(found_before=bool(found))
        if piece.suffix and found:
            last = found.pop()
            piece = Piece(last.text + piece.text, f"{last.written} {piece.written}")
        found.append(piece)
    return found


_RUN_ON = ("عبد", "ابو", "بن")
"""Words of Arabic script that lean on the next, and so are written onto the one before by slip."""


def _spaced(words: list[str]) -> list[str]:
    """Words with a space where one was left out: behind letters that join nothing it is not seen.

    A known name with a word joined on that leans on the next (خالدعبد الحميد) is two words.
    """
    found: list[str] = []
    for word in words[:-1]:
        head = next((head for head in _RUN_ON if word.endswith(head)), "")
        name = word.removesuffix(head)
        if head and len(name) > 1 and not is_known_name(word) and is_known_name(name):
            found += (name, head)
        else:
            found.append(word)
    return found + words[-1:]


def join_initials(words: list[str]) -> list[str]:
    """Letters written one by one become one word: ``j p morgan`` -> ``jp morgan``."""
    found: list[str] = []
    run: list[str] = []
    for place, word in enumerate([*words, ""]):
        if _is_initial(word):
            run.append(word)
            continue
        if run and word in _AND and place + 1 < len(words) and _is_initial(words[place + 1]):
            continue
        if run:
            found.append("".join(run))
            run = []
        if word:
            found.append(word)
    return found


_AND = ("and", "und", "et")
"""Between two letters it is the sign & (H&M)."""


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and not is_syllabic(script_of(word))


class _Joiner:
    """Takes pieces from the front of a list of words."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    def take(self, *, found_before: bool) -> Piece:
        word = self._words[self._at]
        self._at += 1
        after = self._words[self._at] if self else None
        if compounds.is_article(word, after or ""):
            if after is None:
                return Piece(word, word)
            return self._after_article(word, found_before)
        if found_before and (word in compounds.ALLAH or word in compounds.DIN):
            return self._suffix(word)
        if found_before and word in compounds.ZADA:
            return Piece(word, word, suffix=True)
        for heads, head in _HEADS:
            if word in heads:
                return self._headed(word, head, after)
        return Piece(compounds.canonical_word(word), word)

    def _after_article(self, article: str, found_before: bool) -> Piece:
        inner = self.take(found_before=False)
        written = f"{article} {inner.written}"
        suffix = found_before and inner.text in {*compounds.BARE_DIN, "lah"}
        text = "din" if inner.text in compounds.BARE_DIN else inner.text
        return Piece(text, written, suffix=suffix)

    def _suffix(self, word: str) -> Piece:
        if word in compounds.BARE_DIN:
            return Piece(word, word)
        arabic = "؀" <= word[0] <= "ۿ"
        text = ("دين" if arabic else "din") if word in compounds.DIN else "له" if arabic else "lah"
        return Piece(text, word, suffix=True)

    def _headed(self, word: str, heads: tuple[str, str], after: str | None) -> Piece:
        head = heads[1] if "؀" <= word[0] <= "ۿ" else heads[0]
        if after is None:
            return Piece(head, word)
        rest = self.take(found_before=False)
        return Piece(head + compounds.strip_inner_article(rest.text), f"{word} {rest.written}")


_HEADS = (
    (compounds.ABD, ("abd", "عبد")),
    (compounds.ABU, ("abu", "ابو")),
    (compounds.UMM, ("umm", "ام")),
)
