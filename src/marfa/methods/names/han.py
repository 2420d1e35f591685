"""Names in Han characters: readings in pinyin, and pinyin told from other spellings.

Readings come from pypinyin's table, which carries the Unihan database's kMandarin and
kHanyuPinyin. The table is read without the package, whose phrases would take 50 MB of memory.
A character with several readings (单 is Shan as a family name, dan elsewhere) keeps the first few;
the family-name readings below come first. Wade-Giles spellings are turned into pinyin by the
correspondences of the ALA-LC Chinese romanisation guidelines.

Which language a name in Han characters is of cannot be seen: its Korean, Cantonese and Japanese
readings (``data/readings/han.tsv``) are tried beside the pinyin.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from marfa.methods.names.tables import read_rows

_FAMILY_READINGS = {
    "单": "shan", "單": "shan", "曾": "zeng", "任": "ren", "解": "xie", "查": "zha", "仇": "qiu",
    "区": "ou", "區": "ou", "盖": "ge", "蓋": "ge", "朴": "piao", "华": "hua", "華": "hua",
    "覃": "qin", "翟": "zhai", "尹": "yin", "乐": "yue", "樂": "yue", "召": "shao", "员": "yun",
    "黑": "he", "缪": "miao", "繆": "miao", "宓": "mi", "万": "wan", "冼": "xian", "洗": "xian",
    "纪": "ji", "紀": "ji", "葛": "ge", "晁": "chao", "燕": "yan", "沈": "shen", "教": "jiao",
    "长": "zhang", "逄": "pang", "尉": "wei", "种": "chong", "秘": "bi", "折": "she", "句": "gou",
    "令": "ling", "訾": "zi", "郗": "xi", "车": "che", "車": "che", "占": "zhan", "柏": "bai",
}  # fmt: skip

MAX_READINGS = 6


@cache
def _beside() -> dict[str, dict[str, tuple[str, ...]]]:
    """Language -> characters -> spellings."""
    found: dict[str, dict[str, tuple[str, ...]]] = {"ko": {}, "yue": {}, "ja": {}, "ja-family": {}}
    for language, characters, *spellings in read_rows("readings/han.tsv"):
        kind = "ja" if language.startswith("ja") else language
        known = found[kind].get(characters, ())
        found[kind][characters] = (*known, *spellings)
        if language == "ja-family":
            found["ja-family"][characters] = tuple(spellings)
    return found


@lru_cache(maxsize=4096)
def other_readings(word: str) -> tuple[str, ...]:
    """Spellings of a word in Han characters as a Korean, Cantonese or Japanese name."""
    tables = _beside()
    found = list(tables["ja"].get(word, ()))
    for language in ("ko", "yue"):
        table = tables[language]
        if word in table:
            found += table[word]
            continue
        parts = [table.get(character, ()) for character in word[:4]]
        if all(parts) and len(word) <= 4:
            found += ["".join(spelt) for spelt in list(product(*parts))[: 2 * MAX_READINGS]]
    return tuple(dict.fromkeys(found))


def divide(words: list[str]) -> list[str]:
    """A name without a space is parted into family and given name."""
    if len(words) != 1:
        return words
    word = words[0]
    japanese = _beside()["ja-family"]
    for size in (3, 2):
        rest = word[size:]
        if word[:size] in japanese and rest and len(word) <= size + 3:
            return [word[:size], rest]
    return _parted(words, _double("han-family"))


def divide_hangul(words: list[str]) -> list[str]:
    """The same for Hangul."""
    return _parted(words, _double("hangul-family"))


@cache
def _double(kind: str) -> frozenset[str]:
    """Family names of two signs."""
    rows = read_rows("words.tsv")
    return frozenset(word for row in rows if row[0] == kind for word in row[1:])


def _parted(words: list[str], double: frozenset[str]) -> list[str]:
    if len(words) != 1 or not 2 <= len(words[0]) <= 4:
        return words
    word = words[0]
    cut = 2 if word[:2] in double and len(word) > 2 else 1
    return [word[:cut], word[cut:]] if len(word) - cut <= 2 else words


_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|van|ue|ve|ai|ei|ao|ou|an|en|in|un|vn"
    r"|ia|ie|iu|ua|ui|uo|er|a|o|e|i|u|v)"
)


@cache
def _table() -> dict[str, str]:
    """Code point in decimal -> readings with tone marks, parted by commas."""
    found = find_spec("pypinyin")
    if found is None or not found.submodule_search_locations:
        return {}
    path = Path(found.submodule_search_locations[0]) / "pinyin_dict.json"
    table: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return table


@lru_cache(maxsize=4096)
def _character_readings(character: str) -> tuple[str, ...]:
    marked = _table().get(str(ord(character)), "")
    readings = [_without_tone(reading) for reading in marked.split(",") if reading]
    family = _FAMILY_READINGS.get(character)
    ordered = [family, *readings] if family else readings
    return tuple(dict.fromkeys(ordered))[:4]


def readings(word: str) -> tuple[str, ...]:
    """Pinyin readings of a word in Han characters, likeliest first, without tones.

    Empty where a character has no reading.
    """
    characters = [_character_readings(character) for character in word[:8]]
    if not all(characters):
        return ()
    found: list[str] = []
    for combination in product(*characters):
        found.append("".join(combination))
        if len(found) >= MAX_READINGS:
            break
    return tuple(dict.fromkeys(found))


def _without_tone(reading: str) -> str:
    """Pinyin without tone marks, ü written v as it is typed."""
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def is_pinyin(word: str) -> bool:
    """Whether a Latin word falls into pinyin syllables, three at most."""
    return 0 < len(_syllables(word)) <= 3


def _syllables(word: str) -> list[str]:
    found: list[str] = []
    position = 0
    while position < len(word):
        match = _SYLLABLE.match(word, position)
        if not match:
            return []
        found.append(match.group())
        position = match.end()
    return found


def same_reading(reading: str, latin: str) -> float:
    """1 where a Latin word is this pinyin reading, less for neighbouring spellings of it."""
    plain = reading.replace("v", "u")
    if latin in (reading, plain, reading.replace("v", "yu"), reading.replace("v", "ue")):
        return 1.0
    if plain in wade_giles(latin):
        return 0.97
    return 0.0


_WADE_GILES_INITIALS: dict[str, tuple[str, ...]] = {
    "hs": ("x",), "ts": ("z", "c"), "tz": ("z", "c"), "ss": ("s",), "sz": ("s",), "j": ("r",),
    "ch": ("j", "q", "zh", "ch"), "p": ("b", "p"), "t": ("d", "t"), "k": ("g", "k"),
}  # fmt: skip
_WADE_GILES_FINALS: dict[str, tuple[str, ...]] = {
    "ung": ("ong",), "ien": ("ian",), "ieh": ("ie",), "ueh": ("ue",), "eh": ("e", "ie"),
    "ih": ("i",), "o": ("e", "uo", "o"), "u": ("u", "i"), "iung": ("iong",), "e": ("e",),
    "uei": ("ui",), "en": ("en", "ian"), "erh": ("er",),
}  # fmt: skip


_WADE_GILES = re.compile(
    r"^(hs|ts|tz|ss|sz|ch|sh|[pmftnlkhjsyw])?([aeiou][aeiou]*(?:n|ng|h|r|rh)?|ssu|szu|tzu)$"
)


def wade_giles(word: str) -> frozenset[str]:
    """Pinyin syllables (ü as u) that one Wade-Giles syllable without signs may stand for."""
    match = _WADE_GILES.match(word) if len(word) <= 7 else None
    if not match:
        return frozenset()
    initial, final = match.group(1) or "", match.group(2)
    initials = _WADE_GILES_INITIALS.get(initial, (initial,))
    finals = {*_WADE_GILES_FINALS.get(final, ()), final}
    return frozenset(
        one + other
        for one in initials
        for other in finals
        if _SYLLABLE.fullmatch(one + other) and not _impossible(one, other)
    )


def _impossible(initial: str, final: str) -> bool:
    """Palatal initials take only i and ü; the others take neither ``i`` glides nor plain ü."""
    if initial in ("j", "q", "x"):
        return final[0] not in "iu"
    return initial in ("zh", "ch", "z", "c", "s", "r") and final[0] == "i" and final != "i"
