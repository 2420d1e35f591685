"""Names that nobody bears, of the sea, the shore and what grows there, in several scripts."""

from __future__ import annotations

from random import Random

GIVEN = {
    "arab": {
        "female": "مرجانة لؤلؤة صدفة سحابة نسمة موجة منارة غيمة سفينة رملة قطرة ضفة واحة سنبلة",
        "male": "زورق شراع قارب مطر مدّ خليج ساحل جزر فنار مجداف نورس ريح رذاذ موسم",
    },
    "latn": {
        "female": "Tamarisk Heron Shell Saffron Ember Fern Wisp Sandpiper Sage Dune Coral Thistle",
        "male": "Reed Pebble Cove Marlin Drift Brine Anchor Flint Rook Tern Driftwood Cedar",
    },
    "cyrl": {
        "female": "Волна Чайка Ракушка Лагуна Пристань Росинка Ветла Тростинка",
        "male": "Якорь Маяк Прилив Парус Утёс Камыш Бриз Причал",
    },
    "ethi": {
        "female": "ጠብታ ኮከብ ዛጎል ደመና ጤዛ",
        "male": "መርከብ ማዕበል ንፋስ ወደብ ድንጋይ",
    },
    "hans": {
        "female": "海灯 贝壳 白帆 潮声 珊瑚",
        "male": "海星 礁石 船桨 灯塔 长风",
    },
}
FAMILIES = {
    "arab": "آل_نورس آل_مرفأ آل_صدف بنت_الأثل بنت_الرمل آل_السحاب آل_الموج آل_الفنار آل_الزبد",
    "latn": "Dawnwater Farharbour Lanternlight Quayside Saltmarsh Reedmouth Tidewell Shorelark",
    "cyrl": "Тихобережная Солёноводная Дальнозорная Светломаячная",
    "ethi": "ዘባሕር ዘወደብ ዘማዕበል",
    "hans": "潮 汐 澜 屿",
}
WEIGHTS = {"arab": 56, "latn": 22, "cyrl": 8, "ethi": 9, "hans": 5}
SPOKEN = {
    "arab": ("apc", "ayl", "arb"),
    "latn": ("fra", "eng", "kmr"),
    "cyrl": ("rus", "ukr"),
    "ethi": ("amh", "tir"),
    "hans": ("zho",),
}


class FictionalNames:
    """Draws names, the same for the same generator."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw

    def family(self) -> tuple[str, str]:
        """Script and name of a family."""
        script = self._draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        name = self._draw.choice(FAMILIES[script].split())
        return script, name.replace("_", " ")

    def of_one(self, script: str, family: str, sex: str) -> tuple[str, ...]:
        """The names of one person of a family; of one in eight in Latin letters too."""
        found = [self._named(script, family, sex)]
        if script != "latn" and self._draw.random() < 0.125:
            found.append(self._named("latn", self._draw.choice(FAMILIES["latn"].split()), sex))
        return tuple(found)

    def language(self, script: str) -> str:
        """What somebody with such a name speaks; ISO 639-3."""
        return self._draw.choice(SPOKEN[script])

    def _named(self, script: str, family: str, sex: str) -> str:
        given = self._draw.choice(GIVEN[script][sex].split())
        own = family if sex == "female" else _of_a_man(family)
        return f"{own}{given}" if script == "hans" else f"{given} {own}"


def _of_a_man(family: str) -> str:
    """How the name of a family reads for a man."""
    if family.startswith("بنت "):
        return f"بن {family.removeprefix('بنت ')}"
    return f"{family.removesuffix('ая')}ый" if family.endswith("ая") else family
