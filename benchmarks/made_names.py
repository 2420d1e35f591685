"""Names that nobody bears: Arabic, Kurdish, French, English, Cyrillic and Amharic, of two to four
parts, a third of them written in a second script too; and how somebody else would write them."""

from __future__ import annotations

import random

GIVEN = {
    "arab": "محمد أحمد علي حسن حسين عمر خالد فاطمة زينب عائشة مريم خديجة يوسف إبراهيم مصطفى محمود"
    " سعيد جمال نور هدى سارة ليلى رنا سلمى آمنة طارق وليد ياسر كريم هيثم سناء إيمان رقية حنان",
    "latin": "Mohamed Ahmad Ali Hassan Fatma Zeinab Aicha Mariam Youssef Ibrahim Jean Marie Pierre"
    " Aminata Fatou John Mary Grace Samuel Rojin Azad Berivan Dilan Serdar Jiyan Hevin Nour Salma",
    "cyrl": "Иван Оксана Олена Андрій Наталя Магомед Юлия Сергей Марина Тарас Анна Дмитрий",
    "ethi": "ሰላም ተስፋዬ አበበ ብርሃኔ ሃይሌ ማርያም ትዕግስት ሙሉ ገብረ ጸሐይ",
}
SYLLABLES = {
    "arab": ["با", "دي", "حم", "خو", "را", "زي", "سل", "شم", "صا", "طو", "عب", "غن", "فر", "قا"],
    "latin": ["ba", "di", "ham", "kho", "ra", "zi", "sal", "sham", "tou", "ab", "far", "ka", "lem"],
    "cyrl": ["ко", "ва", "лен", "бон", "дар", "пет", "ро", "шев", "чен", "мар", "гор"],
    "ethi": ["በቀ", "ለም", "ታደ", "ሰ", "ወልደ", "ኃይ", "መኮ", "ንን", "አስ", "ፋው"],
}
WEIGHTS = {"arab": 50, "latin": 35, "cyrl": 10, "ethi": 5}


class Names:
    """Draws names; the same for the same generator."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._families = {
            script: ["".join(rng.choices(parts, k=rng.randint(2, 4))) for _ in range(8000)]
            for script, parts in SYLLABLES.items()
        }
        self._given = {script: names.split() for script, names in GIVEN.items()}

    def of_one(self) -> tuple[str, ...]:
        """The one or two names of a person."""
        rng, given, families = self._rng, self._given, self._families
        script = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        first = rng.choices(given[script], k=rng.randint(1, 2))
        names = [" ".join([*first, rng.choice(families[script])])]
        if rng.random() < 0.33:
            names.append(" ".join([rng.choice(given["latin"]), rng.choice(families["latin"])]))
        return tuple(names)


def variant(name: str, rng: random.Random) -> str:
    """The name as somebody else writes it."""
    words = name.split()
    kind = rng.choice(("order", "vowel", "double", "article", "as it is"))
    if kind == "order":
        words.reverse()
    elif kind == "vowel":
        words = [word.replace("ou", "u").replace("i", "e", 1) for word in words]
    elif kind == "double":
        words[-1] = words[-1][:2] + words[-1][1] + words[-1][2:]
    elif kind == "article" and words[-1][0] > "\u0600":
        words[-1] = "ال" + words[-1]
    return " ".join(words)
