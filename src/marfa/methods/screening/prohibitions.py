"""What no instrument may do, whoever wrote it.

Nationality, religion and ethnicity are never inputs as attributes of a person (an item may say
that the trafficker used them). No item of reception asks about sex, offences or a role in an
armed group. The first guard is what an item must declare; the word lists below are a second
net for what was declared wrongly, in the six UN languages. They cannot be complete.
"""

from __future__ import annotations

import re

ATTRIBUTES = frozenset(
    {
        "age",
        "caring-for-others",
        "disability",
        "displacement",
        "fear-of-authorities",
        "gender-based-risk",
        "health",
        "knows-local-language",
        "papers",
        "pregnancy",
        "sex",
        "statelessness",
    }
)
"""Attributes of a person that an item may name. A yes can only add a reason to help."""

REFUSED_ATTRIBUTES = frozenset(
    {
        "birthplace",
        "caste",
        "citizenship",
        "clan",
        "country-of-origin",
        "ethnicity",
        "faith",
        "nationality",
        "race",
        "religion",
        "sect",
        "skin-colour",
        "tribe",
    }
)
"""Names by which an attribute or a column is recognised and refused with its own sentence."""

_ORIGIN_WORDS = re.compile(
    r"\bnationalit|\bethni|\breligi|\btrib(e|al)\b|\bracial|\bskin colou?r|\bcaste\b"
    r"|\bcitizenship|\bwhat faith|\bmuslim|\bchristian|\bjewish|\bclans?\b|\bminorit"
    r"|جنسيت(ه|ها|ك|كم|هم)|ديانت|الديانة|ديني|مذهب|طائف|إثني|عِرق|عرقي|قبيل|قبلي|عشير|أقلية"
    r"|\bnacionalidad|\bétni|\betni|\btribu\b|\braza\b|\braces?\b|\bminor[ií]a"
    r"|национальност|гражданств|религи|этни|племен|вероисповед|\bклан|меньшинств"
    r"|国籍|宗教|民族|种族|部落|信仰|氏族|宗族",
    re.IGNORECASE,
)

# Having no nationality is a reason to help, and some languages can only say it with that word.
_STATELESS = re.compile(r"без гражданства|无国籍", re.IGNORECASE)

_RECEPTION_WORDS = re.compile(
    r"\bsex|\brap(e|ed|ist)\b|prostitut|\bviol(ación|é|ada|ado)?\b|\bviolée?\b|\bсекс|сексуал"
    r"|изнасил|проститу|جنسي|اغتصاب|بغاء|دعارة|性|强奸|卖淫"
    r"|\bcrim|\boffen[cs]e|\bconvict|\barrest|\bunlawful|\billegal|\bdélit|\binfraction|\bilícit"
    r"|\bdelit|\bilegal|\bпреступ|правонаруш|\bнезакон|\bарест|جريمة|جرائم|جنائي|غير قانوني|اعتقال"
    r"|犯罪|违法|非法|逮捕"
    r"|\barmed|\bfight(er|ers|ing)?\b|\bcombat|\bweapon|\bsoldier|\bmilitia|\barmé|\barmad"
    r"|\bsoldado|\bsoldat|\bвооруж|\bбоев|\bсолдат|\bоруж|مسلح|مسلّح|مقاتل|سلاح|ميليشي|جندي|تجنيد"
    r"|武装|战斗|武器|士兵|民兵",
    re.IGNORECASE,
)


def is_refused_attribute(name: str) -> bool:
    """Whether a name of an attribute or a column means nationality, religion or ethnicity."""
    words = set(re.split(r"[\s_.:-]+", name.strip().lower()))
    whole = re.sub(r"[\s_.]+", "-", name.strip().lower())
    roots = ("nationalit", "ethnic", "religio", "tribe", "tribal", "citizenship")
    if whole in REFUSED_ATTRIBUTES or words & (REFUSED_ATTRIBUTES - {"race"}):
        return True
    return any(word.startswith(roots) for word in words) or bool(_ORIGIN_WORDS.search(name))


def names_origin(text: str) -> bool:
    """Whether a wording mentions nationality, religion or ethnicity."""
    return bool(_ORIGIN_WORDS.search(_STATELESS.sub("", text)))


def names_reception_taboo(text: str) -> bool:
    """Whether a wording mentions sex, offences or armed roles."""
    return bool(_RECEPTION_WORDS.search(text))
