"""What no series, group, predictor or column may be: an origin of people.

Nationality, citizenship, religion, ethnicity, tribe, race, country of origin or of birth, in the
six languages of the United Nations. An alarm is about a place and a week. The lists cannot be
complete; they stand beside the rule that the documentation states.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from marfa.domain.message import InputError, Message, Place, Problem

# A word that begins so, once accents and vowel signs are gone.
ROOTS = (
    "nationalit",
    "nacionalid",
    "citizen",
    "citoyennet",
    "ciudadan",
    "ethni",
    "etni",
    "religi",
    "religio",
    "denominat",
    "confession",
    "sectar",
    "racial",
    "birthplace",
    "birthcountry",
    "countryoforigin",
    "национальн",
    "гражданств",
    "подданств",
    "этни",
    "этнос",
    "народност",
    "религи",
    "вероисповед",
    "конфесси",
    "племен",
    "происхожд",
    "расов",
    "جنسيت",
    "ديان",
    "اثني",
    "عرقي",
    "طايف",
)

_WORDS = """
nation race races raza razas faith faiths croyance croyances credo tribe tribes tribu tribus
clan clans clanes caste castes casta castas sect sects secte sectes secta sectas origin origins
origine origines origen origenes coo minority minorities minorite minorites minoria minorias
muslim muslims christian christians jewish jews hindu hindus buddhist buddhists musulman
musulmans musulmana musulmanes chretien chretiens juif juifs cristiano cristianos judio judios
раса расы расе клан кланы вера племя племена меньшинство меньшинства мусульмане мусульманин
христиане христианин иудеи جنسيه الجنسيه جنسيات الجنسيات الديانه دين عرق العرق اعراق الاعراق
قبيله القبيله قبائل القبائل عشيره العشيره عشائر العشائر مذهب المذهب مذاهب المذاهب اقليه الاقليه
اقليات الاقليات منشا المنشا قوميه القوميه العقيده معتقد المعتقد مسلمون مسلمين مسيحيون مسيحيين
الانتماء
"""
WORDS = frozenset(_WORDS.split())

PHRASES = re.compile(
    r"\b(place|country|city|region) of birth\b|\bborn in\b|\bskin colou?r\b"
    r"|\b(home|birth|passport) country\b|\bcountry of passport\b|\b(mother|native) tongue\b"
    r"|\blangue maternelle\b|\blengua materna\b|\bродной язык\b|\bاللغه الام\b|母语|母語"
    r"|\b(lieu|pays) de naissance\b|\bcouleur de peau\b|\b(lugar|pais) de nacimiento\b"
    r"|\bcolor de (la )?piel\b|\b(место|страна) рождения\b|\bцвет кожи\b|\bродная страна\b"
    r"|\bبلد الاصل\b|\bبلد الميلاد\b|\b(مكان|محل|بلد) (الولاده|الميلاد)\b|\bلون البشره\b"
    r"|\b(حسب|نوع|فيه) الدين\b|^الدين$|^الاصل$|^اصل$|^اصول$"
    r"|\btribal (group|affiliation|origin|identity|name|code)\b|^tribal$"
    r"|国籍|公民身份|宗教|信仰|教派|民族|族裔|族群|种族|部落|氏族|宗族|原籍|来源国|来源地|祖籍|籍贯"
    r"|出生地|出生国|肤色|國籍|種族|族裔|來源國|少数群体"
)
# Having no nationality is a reason to help, and some languages can only say it with that word.
STATELESS = re.compile(r"без гражданства|无国籍|無國籍|\bsans nationalit\w*|\bsin nacionalid\w*")


def names_profile(name: str) -> bool:
    """Whether a name means nationality, religion, ethnicity or origin of people."""
    plain = STATELESS.sub(" ", _plain(name))
    words = plain.split()
    bare = [*words, *(word[2:] for word in words if word.startswith("ال"))]
    if any(word in WORDS or word.startswith(ROOTS) for word in bare if word != "دين"):
        return True
    if "دين" in words:  # without its article, which stands in names of places
        return True
    joined = "".join(words)
    return joined.startswith(ROOTS) or bool(PHRASES.search(" ".join(words)))


def refuse_profiling(names: Iterable[str], *, file: str | None = None) -> None:
    """Raises InputError with one problem for each name that means an origin of people."""
    wrong = [
        Problem(Message("methods.surveillance:profiling"), Place(file, column=name))
        for name in names
        if names_profile(name)
    ]
    if wrong:
        raise InputError(*wrong)


def _plain(name: str) -> str:
    """Words in small letters, without accents, vowel signs, joiners and kinds of alef."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    text = unicodedata.normalize("NFKD", text.replace("й", "\0"))
    kept = "".join(
        c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
    kept = kept.replace("\0", "й").replace("ـ", "").replace("ة", "ه").replace("ى", "ي")
    kept = re.sub("[أإآٱ]", "ا", kept).replace("ё", "е")
    return " ".join(re.split(r"[\W_\d]+", kept)).strip()
