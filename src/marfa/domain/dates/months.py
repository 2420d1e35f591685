"""Names of months as they are written from Mauritania to Iraq, in Arabic and English.

Sources: CLDR for the regions' names; Libya's names of 1986 to 2011, which stand on documents of
that time; common romanisations of the Hijri months. Libya's names for March and June are the
words for spring and summer and are left out: they would have to be guessed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from marfa.domain.dates.calendars import Calendar

Month = tuple[Calendar, int]

_GREGORIAN = (
    "january|jan|يناير|كانون الثاني|جانفي|ينائر|أي النار",
    "february|feb|فبراير|شباط|فيفري|النوار",
    "march|mar|مارس|آذار",
    "april|apr|أبريل|نيسان|أفريل|إبريل|الطير",
    "may|مايو|أيار|ماي|الماء",
    "june|jun|يونيو|حزيران|جوان|يونيه",
    "july|jul|يوليو|تموز|جويلية|يوليوز|يوليه|ناصر",
    "august|aug|أغسطس|آب|أوت|غشت|أغشت|هانيبال",
    "september|sept|sep|سبتمبر|أيلول|شتنبر|شتمبر|الفاتح",
    "october|oct|أكتوبر|تشرين الأول|التمور",
    "november|nov|نوفمبر|تشرين الثاني|نونبر|نوفبر|الحرث",
    "december|dec|ديسمبر|كانون الأول|دجنبر|دجمبر|الكانون",
)
_HIJRI = (
    "muharram|محرم|المحرم|محرم الحرام",
    "safar|صفر",
    "rabi al awwal|rabi al awal|rabi ul awwal|rabi i|ربيع الأول|ربيع أول",
    "rabi al thani|rabi ath thani|rabi al akhir|rabi ul thani|rabi ii|ربيع الثاني|ربيع الآخر"
    "|ربيع ثاني",
    "jumada al awwal|jumada al ula|jumada i|جمادى الأولى|جمادى الأول",
    "jumada al thani|jumada al thaniyah|jumada ath thaniyah|jumada al akhirah|jumada al akhira"
    "|jumada ii|جمادى الثانية|جمادى الآخرة|جمادى الثاني|جمادى الآخر",
    "rajab|رجب",
    "shaban|shaaban|شعبان",
    "ramadan|ramadhan|ramazan|رمضان",
    "shawwal|shawal|شوال",
    "dhu al qidah|dhu al qadah|dhul qidah|dhul qadah|dhu l qidah|zul qadah|ذو القعدة|ذي القعدة"
    "|ذوالقعدة|ذيالقعدة",
    "dhu al hijjah|dhul hijjah|dhul hijja|dhu l hijja|zul hijjah|ذو الحجة|ذي الحجة|ذوالحجة|ذيالحجة",
)
_HALF_NAMES = {
    "تشرين": ((Calendar.GREGORIAN, 10), (Calendar.GREGORIAN, 11)),
    "كانون": ((Calendar.GREGORIAN, 12), (Calendar.GREGORIAN, 1)),
    "ربيع": ((Calendar.HIJRI, 3), (Calendar.HIJRI, 4)),
    "rabi": ((Calendar.HIJRI, 3), (Calendar.HIJRI, 4)),
    "جمادى": ((Calendar.HIJRI, 5), (Calendar.HIJRI, 6)),
    "jumada": ((Calendar.HIJRI, 5), (Calendar.HIJRI, 6)),
    "ذو": ((Calendar.HIJRI, 11), (Calendar.HIJRI, 12)),
    "ذي": ((Calendar.HIJRI, 11), (Calendar.HIJRI, 12)),
    "dhu": ((Calendar.HIJRI, 11), (Calendar.HIJRI, 12)),
}
SOLAR = (
    "فروردین اردیبهشت خرداد تیر مرداد امرداد شهریور مهر آبان آذر دی بهمن اسفند"
    " حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت شمسي شمسی خورشیدی ش"
)
"""Words of the solar calendar of Iran and Afghanistan, which is recognised but not converted."""

_LETTERS = str.maketrans("أإآٱىیكةۀ", "اااايي" + "ك" + "هه") | {ord("ک"): "ك", ord("ـ"): None}
_DROPPED = re.compile(r"['’ʼ‘`ʿʾʻ]")


def fold_text(text: str) -> str:
    """Text for comparison: lower case, no vowel signs, one form of alef, yeh, kaf and heh."""
    text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _DROPPED.sub("", text.translate(_LETTERS).casefold())


@cache
def month_names() -> dict[tuple[str, ...], tuple[Month, ...]]:
    """Words of a name in plain form -> the month that it means, or two for half a name."""
    names: dict[tuple[str, ...], tuple[Month, ...]] = {
        tuple(fold_text(half).split()): months for half, months in _HALF_NAMES.items()
    }
    for calendar, table in ((Calendar.GREGORIAN, _GREGORIAN), (Calendar.HIJRI, _HIJRI)):
        for number, row in enumerate(table, start=1):
            for name in row.split("|"):
                names[tuple(fold_text(name).split())] = ((calendar, number),)
    return names


@cache
def solar_words() -> frozenset[str]:
    """SOLAR in plain form."""
    return frozenset(fold_text(word) for word in SOLAR.split())
