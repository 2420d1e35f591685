"""Write the names of countries and languages that no question of an own list holds.

From Unicode CLDR through Babel, in each language whose words are known, as the beginnings that the
words for somebody of a country share with its name. Run it after another Babel, or a new language.

    python -m tools.group_names           write the file
    python -m tools.group_names --check   say whether it is as it would be written
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel import Locale

from marfa.domain.countries import all_countries, country_name
from marfa.domain.prohibited_grounds.letters import JOINED, words_of
from marfa.domain.prohibited_grounds.named_groups import languages_checked

TARGET = Path(__file__).parents[1] / "src/marfa/domain/prohibited_grounds/groups/names.txt"
HEAD = (
    "# Names of countries and languages in each language whose words are known: beginnings (*),\n"
    "# and whole names. From Unicode CLDR (Unicode License v3) and the M49 list of the\n"
    "# United Nations. Written by tools/group_names.py.\n"
)
VOWELS = "aeiouyаеиоуыэюяьйіїєاويهةى"
SPOKEN = [
    "af",
    "am",
    "ar",
    "az",
    "ba",
    "be",
    "bg",
    "bm",
    "bn",
    "bs",
    "ca",
    "ce",
    "ckb",
    "cs",
    "da",
    "de",
    "dv",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "ff",
    "fi",
    "fr",
    "ga",
    "gn",
    "gu",
    "ha",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "ig",
    "is",
    "it",
    "ja",
    "jv",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ku",
    "ky",
    "lg",
    "ln",
    "lo",
    "lt",
    "lv",
    "mg",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "ne",
    "nl",
    "no",
    "ny",
    "om",
    "pa",
    "pl",
    "ps",
    "pt",
    "qu",
    "rn",
    "ro",
    "ru",
    "rw",
    "sd",
    "si",
    "sk",
    "sl",
    "sn",
    "so",
    "sq",
    "sr",
    "st",
    "su",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "ti",
    "tk",
    "tl",
    "tn",
    "tr",
    "ts",
    "tt",
    "ug",
    "uk",
    "ur",
    "uz",
    "vi",
    "wo",
    "xh",
    "yo",
    "zh",
    "zu",
    "kab",
    "rhg",
    "shi",
    "zgh",
    "luo",
    "kam",
    "mas",
    "teo",
    "sat",
    "mai",
    "bho",
    "ceb",
    "hmn",
    "aii",
    "arc",
    "din",
    "nus",
]
"""Languages of many speakers, and of people who flee, as CLDR codes them."""
BEGINNING = 5
SHORT = {"latin": 4, "other": 3}
WORDS_OF_THEIR_OWN = frozenset(
    [
        "reunion",
        "mali",
        "oman",
        "chad",
        "peru",
        "cuba",
        "niger",
        "jersey",
        "turkey",
        "jordan",
        "georgia",
        "guinea",
        "chile",
        "man",
        "samoa",
        "togo",
        "even",
        "union",
        "guam",
        "palau",
        "creole",
        "india",
        "island",
        "islands",
        "sark",
        "china",
        "mal",
        "malt",
        "mau",
        "ira",
        "cap",
        "and",
        "andor",
        "mart",
        "مال",
        "مالي",
        "مالى",
        "عمان",
        "شام",
        "تشاد",
        "توغو",
        "غانا",
        "مصر",
        "قطر",
        "چاد",
        "فار",
        "فاري",
        "سند",
        "سنت",
        "ليبر",
        "هند",
        "نور",
        "ايسل",
        "چين",
        "چن",
        "جزير",
        "чад",
        "мали",
        "перу",
        "конго",
        "мальт",
        "кипр",
        "ома",
        "оман",
        "того",
        "тонга",
    ]
)
"""Words of everyday speech that are names by chance: whole names of them are left out too."""

BEGINNINGS_OF_OTHERS = frozenset(["liber", "malas", "kanad", "مالدي", "سنهال"])
"""Beginnings that everyday words share: the whole name stands in their place."""


def main() -> int:
    text = HEAD + "".join(
        f"{code}\t{'|'.join(names(code))}\n" for code in sorted(languages_checked())
    )
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


def names(code: str) -> list[str]:
    """The entries of a language."""
    locale = Locale.parse(code)
    found = {country_name(each.alpha_2, code) for each in all_countries()}
    found |= {locale.territories.get(each.alpha_2, "") for each in all_countries()}
    found |= {str(locale.languages.get(each, "")) for each in SPOKEN}
    return sorted({entry for name in found if (entry := _entry(name))})


def _entry(name: str) -> str:
    words = words_of(re.sub(r"\(.*?\)|（.*?）", " ", name))
    if not words:
        return ""
    if JOINED.search(name):
        return ".".join(words) if len("".join(words)) > 1 else ""
    if len(words) > 1:
        return "_".join(words)
    word = words[0].removeprefix("ال")
    short = SHORT["latin" if word.isascii() else "other"]
    stem = word
    while len(stem) > BEGINNING and stem[-1] in VOWELS:
        stem = stem[:-1]
    if word in WORDS_OF_THEIR_OWN or stem in WORDS_OF_THEIR_OWN or len(word) < short:
        return ""
    stem = word if stem in BEGINNINGS_OF_OTHERS else stem
    return f"{stem}*" if len(stem) >= BEGINNING else word


if __name__ == "__main__":
    raise SystemExit(main())
